import json
import sys

from wit_world import exports


class Run(exports.Run):
    def run(self):
        print(json.dumps({"hello": sys.argv}))
