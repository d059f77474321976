// SPDX-License-Identifier: Apache-2.0

import Catalog
import Components
import Facts
import Resources
import Spec
import Values

extension Fixture {
  static let key = """
    -----BEGIN PGP PUBLIC KEY BLOCK-----

    bm9ib2R5J3M=
    -----END PGP PUBLIC KEY BLOCK-----

    """

  /// A cluster whose worker gamma runs CRI-O from the repository of a CentOS 7 mirror.
  static func crio(
    _ minor: Minor,
    source: CRIOSource = .repository,
    handlers: [HandlerSpec] = [HandlerSpec(name: "untrusted", type: .kata)]
  ) -> Self {
    var fixture = Self(minor)
    fixture.cluster.hosts[2].runtime = RuntimeSpec(
      engine: .crio,
      crio: CRIOSpec(
        source: source,
        repository: RepositorySpec(url: "https://mirror.example/crio/$basearch/", key: key)
      ),
      handlers: handlers
    )
    fixture.facts.packageManager = .yum
    fixture.facts.osID = "centos"
    fixture.facts.osVersion = "7"
    fixture.facts.systemdVersion = 219
    fixture.facts.cgroup = .v1
    fixture.facts.tools = ["crio": "/usr/local/bin/crio", "runc": "/usr/local/sbin/runc"]
    return fixture
  }

  /// crio.conf of the worker.
  func crioConfiguration() throws -> String {
    let resources = try resources("gamma")
    return resources.text("/etc/crio/crio.conf")
      + resources.text("/etc/crio/crio.conf.d/50-kubewright.conf")
  }
}
