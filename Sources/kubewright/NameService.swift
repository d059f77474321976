// SPDX-License-Identifier: Apache-2.0

import CNameService

/// How names of hosts and users are found.
enum NameService {
  /// In a static program leaves out the services that the host's nsswitch.conf names besides files and DNS.
  ///
  /// Those are libraries of the host's own glibc, which another glibc cannot load without breaking.
  /// Must be called before anything else runs.
  static func beIndependent() {
    // Only a dynamic linker has a base address.
    guard getauxval(UInt(AT_BASE)) == 0 else { return }
    for (database, services) in [("hosts", "files dns"), ("passwd", "files"), ("group", "files")] {
      // Fails only for databases that glibc does not know.
      _ = __nss_configure_lookup(database, services)
    }
  }
}
