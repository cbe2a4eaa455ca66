#!/usr/bin/env python3
"""CPU of ImageMagick and of libvips for what is nearest to some styles, on a JPEG of 12 megapixels.

Usage: styles.py picture.jpg. Prints the median of five runs of the whole command: reading, working, writing.
"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

SEPIA = "0.393 0.769 0.189\n0.349 0.686 0.168\n0.272 0.534 0.131"
MAGICK = {
    "noir (grey, contrast)": ["-colorspace", "gray", "-sigmoidal-contrast", "6x50%"],
    "wanted (sepia)": ["-sepia-tone", "80%"],
    "painting": ["-paint", "8"],
    "charcoal": ["-charcoal", "4"],
    "sketch": ["-colorspace", "gray", "-sketch", "0x4+120"],
    "poster (posterise)": ["-posterize", "4"],
    "pixel": ["-scale", "2.4%", "-scale", "4000x3000!"],
    "solar": ["-solarize", "50%"],
    "dream (blur, mixed)": ["(", "+clone", "-blur", "0x36", ")", "-compose", "blend", "-define", "compose:args=45", "-composite"],
    "comic (halftone)": ["-ordered-dither", "h8x8o"],
}
VIPS = {
    "noir (grey)": ["colourspace", "{in}", "{out}", "b-w"],
    "wanted (sepia)": ["recomb", "{in}", "{out}", "{sepia}"],
    "dream (blur)": ["gaussblur", "{in}", "{out}", "36"],
    "blueprint (edges)": ["sobel", "{in}", "{out}"],
    "pixel": ["shrink", "{in}", "{out}", "42", "42"],
}


def cpu_ms(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main():
    picture = sys.argv[1]
    os.environ.update(MAGICK_THREAD_LIMIT="1", OMP_NUM_THREADS="1", VIPS_CONCURRENCY="1")
    with tempfile.TemporaryDirectory() as temp:
        out, matrix = os.path.join(temp, "out.jpg"), os.path.join(temp, "sepia.mat")
        with open(matrix, "w", encoding="ascii") as file:
            file.write("3 3\n" + SEPIA + "\n")
        magick = shutil.which("convert")
        commands = {}
        if magick:
            commands |= {("ImageMagick", name): [magick, picture, *work, "-quality", "85", out] for name, work in MAGICK.items()}
        if shutil.which("vips"):
            commands |= {("libvips", name): ["vips", *(part.format(**{"in": picture, "out": out, "sepia": matrix}) for part in work)]
                         for name, work in VIPS.items()}
        for (tool, name), command in commands.items():
            print(f"{tool:12} {name:24} {statistics.median(cpu_ms(command) for _ in range(5)):6.0f} ms", flush=True)


if __name__ == "__main__":
    main()
