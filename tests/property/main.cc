// The laws with a fixed seed. REGTRIAGE_PROPERTY_CASES sets how many cases each law is tried on;
// RC_PARAMS (rapidcheck's own) overrides everything, for example to repeat a failure:
// RC_PARAMS="reproduce=…".
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
  const char* cases = std::getenv("REGTRIAGE_PROPERTY_CASES");
  const std::string parameters =
      "seed=20261125 max_size=24 max_success=" + std::string(cases ? cases : "40");
  setenv("RC_PARAMS", parameters.c_str(), 0);
  return Catch::Session().run(argc, argv);
}
