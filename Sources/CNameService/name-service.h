// SPDX-License-Identifier: Apache-2.0
// The parts of glibc that its Swift module leaves out.

#include <nss.h>
#include <sys/auxv.h>
