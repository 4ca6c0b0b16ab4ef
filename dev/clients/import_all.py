"""Imports every module of a generated client: import_all.py FOLDER"""

import importlib
import pkgutil
import sys

sys.path.insert(0, ".")
package = importlib.import_module(sys.argv[1])
count = 0
for module in pkgutil.walk_packages(package.__path__, f"{sys.argv[1]}."):
    importlib.import_module(module.name)
    count += 1
print(f"{count} modules of the Python client")
assert count > 10
