// The figures of the guide (docs/guide): a test that holds a claim notes what it has measured, and
// the guide's build takes the numbers from there. Where GUIDE_FIGURES names a file and no test has
// failed, they are written to it as JSON at the end.
#pragma once

#include <string_view>

namespace playground::guide {

// "poll.emptyBytes" is the member `emptyBytes` of the object `poll`. A figure is noted once.
void note(std::string_view figure, double value);

}  // namespace playground::guide
