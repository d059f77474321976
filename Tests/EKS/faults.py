# SPDX-License-Identifier: Apache-2.0
"""Switches for what can go wrong: one file each in a folder, read at every request.

A switch is on while its file exists; what the file holds is its value, its age counts from when it was
last written. NAME@ADDRESS is for the client of that address alone.
"""

import os
import time


class Faults:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def value(self, name, client=None):
        """The text of a switch that is on; None for one that is off."""
        found = self._read(name, client)
        return found and found[0]

    def lasts(self, name, client=None):
        """Whether a switch whose value is a number of seconds is on and has not run out; empty: for ever."""
        found = self._read(name, client)
        if found is None:
            return False
        text, age = found
        return not text or age < float(text)

    def _read(self, name, client):
        for file in ([f"{name}@{client}"] if client else []) + [name]:
            path = os.path.join(self.folder, file)
            try:
                with open(path, encoding="utf-8") as handle:
                    return handle.read().strip(), time.time() - os.fstat(handle.fileno()).st_mtime
            except FileNotFoundError:
                continue
        return None
