"""The programs that regtriage is measured against, and the calls that answer the same questions.

Debian's come from `./dev bench`; DuckDB comes as a package of Node's and is kept below the build folder.
"""
import shutil
import subprocess
from pathlib import Path

QUERIES = Path(__file__).resolve().parent / "queries"
DUCKDB = "@duckdb/node-api@1.5.6-r.1"
ERRORS = "blob unknown|manifest unknown"
PER_DIGEST_JQ = ("jq -r 'select(.\"err.code\" == \"blob unknown\" or .\"err.code\" == \"manifest unknown\") | .\"vars.digest\" // \"-\"' \"$0\""
                 " | sort | uniq -c | sort -rn | head -20")
PER_DIGEST_LNAV = (";SELECT ifnull(jget(fields, '/vars.digest'), '-') AS digest, count(*) AS n FROM logfmt_log"
                   " WHERE jget(fields, '/err.code') IN ('blob unknown', 'manifest unknown') GROUP BY digest ORDER BY n DESC LIMIT 20")


class Peers:
    """Which peers are here. `missing` holds the names of those that are not."""

    def __init__(self, build, say):
        self.modules, self.say = Path(build) / "peers", say
        self.missing = {name for name in ("rg", "grep", "mawk", "jq", "lnav", "gzip", "zstd") if not shutil.which(name)}

    def install_duckdb(self):
        """Into the build folder, once. Where it cannot be had, its targets are left out."""
        if (self.modules / "node_modules" / "@duckdb" / "node-api").is_dir():
            return
        self.modules.mkdir(parents=True, exist_ok=True)
        self.say("installing %s below %s" % (DUCKDB, self.modules))
        argv = ["npm", "install", "--prefix", str(self.modules), "--no-package-lock", "--no-audit", "--no-fund", "--silent", DUCKDB]
        try:
            subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
        except (OSError, subprocess.SubprocessError) as trouble:
            self.missing.add("duckdb")
            self.say("no DuckDB, its targets are left out: %s" % trouble)

    def versions(self):
        """{program: first line of what it says of itself}"""
        calls = {"rg": ["rg", "--version"], "grep": ["grep", "--version"], "mawk": ["mawk", "-W", "version"], "jq": ["jq", "--version"],
                 "lnav": ["lnav", "-V"], "gzip": ["gzip", "--version"], "zstd": ["zstd", "--version"]}
        found = {name: first_line(argv) for name, argv in calls.items() if name not in self.missing}
        package = self.modules / "node_modules" / "@duckdb" / "node-api" / "package.json"
        if package.is_file():
            found["duckdb"] = first_line(["node", "-p", "require(process.argv[1]).version", str(package)])
        return found

    # ---- the calls ----

    def count_rg(self, log):
        return ["rg", "-c", ERRORS, log]

    def count_grep(self, log):
        return ["env", "LC_ALL=C", "grep", "-cE", ERRORS, log]

    def per_digest_mawk(self, log):
        return ["mawk", "-f", QUERIES / "per_digest.awk", log]

    def per_digest_duckdb(self, log, threads, form="text"):
        return ["node", QUERIES / "run_duckdb.mjs", self.modules, threads, QUERIES / ("per_digest_%s.sql" % form), log]

    def per_digest_jq(self, log):
        return ["sh", "-c", PER_DIGEST_JQ, log]

    def per_digest_lnav(self, log):
        return ["lnav", "-n", "-c", PER_DIGEST_LNAV, log]

    def unpack(self, program, packed):
        return ["sh", "-c", program + ' -dc "$0" > /dev/null', packed]


def first_line(argv):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return ((done.stdout or done.stderr).strip().splitlines() or ["?"])[0]
