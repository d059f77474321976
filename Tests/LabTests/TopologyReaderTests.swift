// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Lab

@Suite struct TopologyReaderTests {
  private static let head = """
    apiVersion: kubewright/v1alpha1
    kind: Topology
    metadata: {name: lab}
    spec:

    """

  @Test func readsEverything() throws {
    let (topology, diagnostics) = Topology.read(
      text: Self.head + """
          userland: {distribution: debian, release: trixie, arch: i386, packages: [frr, docker.io]}
          management: 10.9.0.0/24
          hosts:
            - {name: a, address: 10.9.0.20, memory: 512Mi}
            - {name: b, arch: amd64}
            - {name: c, packages: [qemu-system-x86]}
          links:
            - endpoints: ["a:eth1:10.0.0.0/31", "b:eth1:10.0.0.1/31"]
            - {endpoints: ["b:swp2", "c:eth1"]}
        """,
      file: "t.yaml"
    )
    #expect(diagnostics.isEmpty)
    let userland = Userland(
      release: "trixie",
      architecture: .x86,
      packages: ["frr", "docker.io"]
    )
    var amd64 = userland
    amd64.architecture = .amd64
    var further = userland
    further.packages.append("qemu-system-x86")
    let expected = Topology(
      name: "lab",
      management: try #require(CIDR("10.9.0.0/24")),
      machines: [
        Machine(
          name: "a",
          address: try #require(IPv4Address("10.9.0.20")),
          userland: userland,
          memory: 512 << 20
        ),
        Machine(name: "b", address: try #require(IPv4Address("10.9.0.11")), userland: amd64),
        Machine(name: "c", address: try #require(IPv4Address("10.9.0.12")), userland: further),
      ],
      links: [
        Link(
          LinkEnd(machine: "a", interface: "eth1", address: InterfaceAddress("10.0.0.0/31")),
          LinkEnd(machine: "b", interface: "eth1", address: InterfaceAddress("10.0.0.1/31"))
        ),
        Link(
          LinkEnd(machine: "b", interface: "swp2"),
          LinkEnd(machine: "c", interface: "eth1")
        ),
      ]
    )
    #expect(topology == expected)
  }

  @Test func defaultsFit() throws {
    let (topology, diagnostics) = Topology.read(
      text: Self.head + "  hosts: [{name: a}]\n  links:\n",
      file: "t.yaml"
    )
    #expect(diagnostics.isEmpty)
    let read = try #require(topology)
    #expect(read.management.description == "172.30.77.0/24")
    #expect(read.machines.map(\.address.description) == ["172.30.77.11"])
    #expect(read.machines[0].userland == Userland())
    #expect(read.operatorAddress.description == "172.30.77.1")
  }

  /// The examples in the repository are sound, and their machines where the scripts look for them.
  @Test(arguments: [
    ("three-hosts", ["node-1", "node-2", "node-3"]),
    ("eks-worker", ["eks", "worker-1", "worker-2"]),
  ])
  func examplesAreSound(name: String, machines: [String]) throws {
    let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let file = "/\(folder)/examples/\(name)/topology.yaml"
    let text = try #require(TextFile.read(file))
    let (topology, diagnostics) = Topology.read(text: text, file: file)
    #expect(diagnostics.isEmpty)
    #expect(topology?.name == name)
    #expect(topology?.machines.map(\.name) == machines)
  }

  /// What is wrong below `spec:`, which is the fifth line, and how it is said.
  @Test(arguments: [
    ("hosts: []", "5:10: error: spec.hosts: a lab needs at least one host"),
    ("hosts: {name: a}", "5:10: error: spec.hosts: a list is needed here"),
    ("hosts: [{name: A_b}]", "5:18: error: spec.hosts[0].name: 'A_b' is no host name"),
    ("hosts: [{name: -a}]", "5:18: error: spec.hosts[0].name: '-a' is no host name"),
    (
      "hosts: [{name: a2345678901234567890123456789012345678901234567x}]",
      "5:18: error: spec.hosts[0].name: 'a2345678901234567890123456789012345678901234567x' is longer"
    ),
    ("hosts: [{name: a}, {name: a}]", "5:29: error: spec.hosts[1].name: the name 'a' is used"),
    ("hosts: [{nam: a}]", "5:12: error: spec.hosts[0]: unknown key 'nam'"),
    ("hosts: [{nam: a}]", "did you mean 'name'?"),
    ("hosts: [{nam: a}]", "5:11: error: spec.hosts[0]: the key 'name' is missing"),
    ("hosts: [{name: [a]}]", "5:18: error: spec.hosts[0].name: one word is needed here"),
    (
      "hosts: [{name: a, address: 10.0.0.1}]",
      "5:30: error: spec.hosts[0].address: 10.0.0.1 is outside the management network 172.30.77.0/24"
    ),
    (
      "hosts: [{name: a, address: 172.30.77.5}, {name: b, address: 172.30.77.5}]",
      "5:63: error: spec.hosts[1].address: 172.30.77.5 is the address of 'a' already"
    ),
    ("hosts: [{name: a, address: 172.30.77.1}]", "is the operator's own address"),
    ("hosts: [{name: a, address: 172.30.77.0}]", "is the management network itself"),
    ("hosts: [{name: a, address: 172.30.77.255}]", "broadcast address"),
    ("hosts: [{name: a, address: 172.30.77.05}]", "'172.30.77.05' is not an IPv4 address"),
    ("hosts: [{name: a, memory: lots}]", "5:29: error: spec.hosts[0].memory: 'lots' is not an"),
    ("hosts: [{name: a, memory: 99999999999999999999Gi}]", "is not an amount of memory"),
    ("hosts: [{name: a, arch: amd46}]", "did you mean 'amd64'?"),
    ("hosts: [{name: a, packages: [--x]}]", "'--x' is not a package's name"),
    ("{management: 10.0.0.1/24, hosts: [{name: a}]}", "'10.0.0.1/24' is not an IPv4 network"),
    ("{management: 10.0.0.0/8, hosts: [{name: a}]}", "a management network of /8 does not fit"),
    (
      "{management: 10.0.0.0/29, hosts: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}, {name: f}]}",
      "spec.hosts[5]: the management network 10.0.0.0/29 has no address left"
    ),
    ("{userland: {release: ../x}, hosts: [{name: a}]}", "'../x' is not a release's code name"),
    ("{userland: {packages: [--x]}, hosts: [{name: a}]}", "'--x' is not a package's name"),
    ("{userland: {distribution: debain}, hosts: [{name: a}]}", "did you mean 'debian'?"),
    ("{linsk: [], hosts: [{name: a}]}", "did you mean 'links'?"),
  ])
  func saysWhatIsWrong(spec: String, expected: String) {
    let (topology, diagnostics) = Topology.read(text: Self.head + "  " + spec, file: "t.yaml")
    #expect(topology == nil)
    let text = diagnostics.map(\.description).joined(separator: "\n")
    #expect(text.contains(expected), "\(text)")
  }

  @Test(arguments: [
    ("\"c:eth1\", \"b:eth1\"", "8:24: error: spec.links[0].endpoints[0]: there is no host 'c'"),
    ("\"b1:eth1\", \"a:eth1\"", "there is no host 'b1'; did you mean 'b'?"),
    ("\"a:eth1\"", "a link has two endpoints; this one has 1"),
    ("\"a:eth1\", \"b:eth1\", \"a:eth2\"", "this one has 3"),
    ("\"a:eth1\", \"a:eth1\"", "the interface eth1 of 'a' has a cable already"),
    ("\"a:eth1\", \"a:eth2\"", "the link joins 'a' to itself"),
    ("\"a:eth0\", \"b:eth1\"", "eth0 is the management interface"),
    ("\"a:lo\", \"b:eth1\"", "has a meaning of its own"),
    ("\"a:interface-number-1\", \"b:eth1\"", "is longer than the 15 characters of an interface"),
    ("\"a:eth/1\", \"b:eth1\"", "'eth/1' is no interface name"),
    ("\"a\", \"b:eth1\"", "'a' is not an endpoint: HOST:INTERFACE"),
    ("\"a:eth1:10.0.0.1\", \"b:eth1\"", "'10.0.0.1' is not an interface's address"),
    ("\"a:eth1:10.0.0.0/24\", \"b:eth1\"", "'10.0.0.0/24' is not an interface's address"),
    (
      "\"a:eth1:10.0.0.1/24\", \"b:eth1:10.0.0.1/24\"",
      "10.0.0.1 is the address of 'a:eth1' already"
    ),
    ("\"a:eth1:10.0.0.1/24\", \"b:eth1:10.0.1.2/24\"", "is not in the network of the other end"),
    ("\"a:eth1:172.30.77.99/32\", \"b:eth1\"", "overlaps the management network"),
  ])
  func saysWhatIsWrongWithLinks(endpoints: String, expected: String) {
    let text =
      Self.head
      + "  hosts:\n    - {name: a}\n    - {name: b}\n  links: [{endpoints: [\(endpoints)]}]"
    let (topology, diagnostics) = Topology.read(text: text, file: "t.yaml")
    #expect(topology == nil)
    let said = diagnostics.map(\.description).joined(separator: "\n")
    #expect(said.contains(expected), "\(said)")
  }

  @Test func saysEverythingAtOnceInOrder() {
    let (_, diagnostics) = Topology.read(
      text: """
        apiVersion: kubewright/v1
        kind: Topolgy
        metadata: {name: UP}
        spec:
          managment: 10.0.0.0/24
          hosts: [{name: a, address: 1.2.3.4}]
        """,
      file: "t.yaml"
    )
    #expect(diagnostics.map(\.position.line) == [1, 2, 3, 5, 6])
  }

  @Test(arguments: [
    "", "\u{0}", "- - -", "[", "{", "a: b: c", "\t", "&a [*a]", "a: *b", "'", "%YAML 9", "? {}: x",
    "spec: {hosts: [{name: &x a, address: *x}]}", "a: 1\na: 2",
    String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000),
    String(repeating: "{a: ", count: 50_000), String(repeating: "x", count: 300_000),
  ])
  func refusesWhatIsNoTopology(text: String) {
    let (topology, diagnostics) = Topology.read(text: text, file: "t.yaml")
    #expect(topology == nil)
    #expect(diagnostics.contains { $0.severity == .error })
  }

  /// Every prefix of a good file, and the file with any byte replaced, is read or refused but never crashes.
  @Test func survivesDamage() {
    let text =
      Self.head + """
          hosts: [{name: a, address: 172.30.77.11, memory: 1Gi}, {name: b}]
          links: [{endpoints: ["a:eth1:10.0.0.0/31", "b:eth1:10.0.0.1/31"]}]
        """
    let bytes = Array(text.utf8)
    for index in bytes.indices {
      _ = Topology.read(text: String(decoding: bytes[..<index], as: UTF8.self), file: "t")
      for byte in "[]{}:-&*\"\n ".utf8 {
        var damaged = bytes
        damaged[index] = byte
        let (topology, diagnostics) = Topology.read(
          text: String(decoding: damaged, as: UTF8.self),
          file: "t"
        )
        #expect((topology == nil) == diagnostics.contains { $0.severity == .error })
      }
    }
  }
}
