// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Lab

@Suite struct DockerTopologyReaderTests {
  /// Files that are there by their paths, in the folder `lab/config`.
  private static func files(_ texts: [String: String]) -> TopologyFiles {
    TopologyFiles(read: { texts[$0] }, isDirectory: { $0 == "lab/config" })
  }

  private static func read(
    _ text: String,
    _ texts: [String: String] = [:]
  ) -> (topology: Topology?, said: String) {
    let (topology, diagnostics) = Topology.read(
      text: text,
      file: "lab/t.yml",
      files: files(texts)
    )
    return (topology, diagnostics.map(\.description).joined(separator: "\n"))
  }

  private static let small = """
    VERSION: 2
    CONF_DIR: ./config
    PREFIX: k
    driver: veth
    links:
      - {endpoints: ["veos-b:eth0", "veos-l:eth0", "host-c:eth0"], driver: bridge}
      - endpoints: ["veos-b:eth1", "host-c:eth1:10.0.0.1/31"]
      - endpoints: ["veos-b:eth2", "veos-l:eth1"]

    """
  private static let border = """
    hostname veos-b
    interface Ethernet1
       ip address 10.0.0.0/31
    interface Ethernet2
       ip address 10.0.0.2/31
    interface Loopback0
       ip address 1.1.1.1/32
    ip routing
    router ospf 1
       network 0.0.0.0/0 area 0.0.0.0
       passive-interface Management1
    """
  private static let leaf = """
    hostname veos-l
    interface Ethernet1
       ip address 10.0.0.3/31
    """
  private static let configurations = [
    "lab/config/k_veos-b": border, "lab/config/veos-l": leaf,
  ]

  @Test func readsLinksAndConfigurations() throws {
    let (read, said) = Self.read(Self.small, Self.configurations)
    let topology = try #require(read, "\(said)")
    #expect(said == "")
    #expect(topology.name == "k")
    #expect(topology.management == Topology.standardManagement)
    #expect(topology.machines.map(\.name) == ["veos-b", "veos-l", "host-c"])
    #expect(
      topology.machines.map(\.address.description) == ["172.30.77.2", "172.30.77.3", "172.30.77.4"]
    )
    #expect(topology.machines.map(\.system) == [.eos, .eos, .linux])
    #expect(topology.machines.map(\.user) == ["admin", "admin", "root"])
    #expect(topology.machines.map(\.userland.architecture) == [.x86, .x86, .amd64])
    #expect(topology.machines.map { $0.node != nil } == [true, true, false])
    #expect(
      topology.links == [
        Link(
          LinkEnd(machine: "veos-b", interface: "eth1", address: InterfaceAddress("10.0.0.0/31")),
          LinkEnd(machine: "host-c", interface: "eth1", address: InterfaceAddress("10.0.0.1/31"))
        ),
        Link(
          LinkEnd(machine: "veos-b", interface: "eth2", address: InterfaceAddress("10.0.0.2/31")),
          LinkEnd(machine: "veos-l", interface: "eth1", address: InterfaceAddress("10.0.0.3/31"))
        ),
      ]
    )
    let border = topology.machines[0]
    #expect(border.loopbacks.map(\.description) == ["1.1.1.1/32"])
    #expect(border.isRouter)
    #expect(border.ospf?.interfaces.map(\.name) == ["eth1", "eth2"])
    #expect(topology.machines[1].ospf == nil && !topology.machines[1].isRouter)
  }

  /// docker-topo's defaults: a driver that joins any number, and the file's own name.
  @Test func readsTheShortestForm() throws {
    let (read, said) = Self.read(
      "VERSION: 2\nlinks: [{endpoints: [\"Leaf1:eth1\", \"Leaf2:eth1\", \"host:eth1\"]}]"
    )
    let topology = try #require(read, "\(said)")
    #expect(topology.name == "t")
    #expect(topology.machines.map(\.name) == ["leaf1", "leaf2", "host"])
    #expect(topology.links.map(\.ends.count) == [3])
  }

  @Test func managementComesFromTheConfigurations() throws {
    var configurations = Self.configurations
    configurations["lab/config/veos-l", default: ""] +=
      "\ninterface Management1\n   ip address 172.20.0.9/16\nip route 0.0.0.0/0 172.20.0.1"
    let (read, said) = Self.read(Self.small, configurations)
    let topology = try #require(read, "\(said)")
    #expect(topology.management.description == "172.20.0.0/16")
    #expect(
      topology.machines.map(\.address.description) == ["172.20.0.2", "172.20.0.9", "172.20.0.3"]
    )
    #expect(topology.machines[1].routes.map(\.nextHop.description) == ["172.20.0.1"])
    // Where the topology names another one, that one holds.
    let (other, warning) = Self.read(
      Self.small + "kubewright: {management: 10.99.0.0/24}",
      configurations
    )
    #expect(other?.management.description == "10.99.0.0/24")
    #expect(warning.contains("lab/config/veos-l:5:15: warning: ignored: 172.20.0.9/16 is not of"))
    #expect(warning.contains("left out: no network of veos-l has the next hop 172.20.0.1"))
  }

  @Test func settingsGoByPattern() throws {
    let (read, said) = Self.read(
      Self.small + """
        kubewright:
          name: fabric
          machines:
            "veos-*": {arch: amd64, release: trixie, node: {roles: [worker]}}
            veos-b: {packages: [frr, sudo], memory: 2Gi, node: {roles: [etcd], labels: {a: "1"}}}
            "*-c": {operator: true}
          cluster: {network: {podCIDR: 10.16.0.0/16}}
        """,
      Self.configurations
    )
    let topology = try #require(read, "\(said)")
    #expect(topology.name == "fabric")
    let (border, leaf, host) = (topology.machines[0], topology.machines[1], topology.machines[2])
    #expect(border.userland == Userland(release: "trixie", packages: ["frr", "sudo"]))
    #expect(border.memory == 2 << 30)
    #expect(leaf.userland == Userland(release: "trixie", packages: Userland.switchPackages))
    #expect(border.node?.map(\.key) == ["profile", "runtime", "roles", "labels"])
    #expect(border.node?[2].text == "roles:\n- etcd\n")
    #expect(leaf.node?.last?.text == "roles:\n- worker\n")
    #expect(host.isOperator && !border.isOperator)
    #expect(topology.cluster.map(\.key) == ["network"])
  }

  @Test(arguments: [
    ("host-c1", "host-c1", true), ("host-c1", "host-*", true), ("host-c1", "*", true),
    ("host-c1", "*-c*", true), ("host-c1", "h*t*1", true), ("host-c1", "host", false),
    ("host-c1", "*x*", false), ("ab", "ab*b", false), ("aba", "a*b*a", true), ("a", "", false),
    ("a", "a**", true),
  ])
  func patterns(name: String, pattern: String, expected: Bool) {
    #expect(MachineSettings.matches(name, pattern: pattern) == expected)
  }

  /// What is wrong in `links:`, which is the third line.
  @Test(arguments: [
    (
      "[{endpoints: [\"veos-a:eth1\"]}]",
      "lab/t.yml:3:21: error: links[0].endpoints: the endpoint veos-a:eth1 leads nowhere: a link has two ends"
    ),
    ("[{endpoints: []}]", "3:21: error: links[0].endpoints: the endpoint leads nowhere"),
    (
      "[{endpoints: [\"a\", \"b:eth1\"]}]",
      "3:22: error: links[0].endpoints[0]: 'a' is not an endpoint: DEVICE:INTERFACE"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"]}, {endpoints: [\"a:eth1\", \"c:eth1\"]}]",
      "3:57: error: links[1].endpoints[0]: the interface eth1 of 'a' has a cable already"
    ),
    (
      "[{endpoints: [\"a:eth1:10.0.0.0/31\", \"b:eth1:10.0.0.0/31\"]}]",
      "3:44: error: 10.0.0.0 is the address of 'a:eth1' already"
    ),
    (
      "[{endpoints: [\"a:eth1:10.0.0.0/31\", \"b:eth1:10.0.0.3/31\"]}]",
      "3:44: error: 10.0.0.3/31 is not in the network of the other end, 10.0.0.0/31"
    ),
    (
      "[{endpoints: [\"a:eth1:10.0.0.0/33\", \"b:eth1\"]}]",
      "3:22: error: links[0].endpoints[0]: '10.0.0.0/33' is not an interface's address: '33' is no prefix length"
    ),
    (
      "[{endpoints: [\"a:eth1:172.30.77.9/32\", \"b:eth1\"]}]",
      "172.30.77.9/32 overlaps the management network"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"a:eth2\"]}]",
      "3:32: error: links[0].endpoints[1]: the link joins 'a' to itself"
    ),
    (
      "[{endpoints: [\"Leaf:eth1\", \"leaf:eth1\"]}]",
      "3:35: error: links[0].endpoints[1]: 'leaf' and 'Leaf' would be one host"
    ),
    ("[{endpoints: [\"a_b:eth1\", \"c:eth1\"]}]", "'a_b' is no host name"),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\", \"c:eth1\"], driver: veth}]",
      "3:21: error: links[0].endpoints: a veth link has two ends; this one has 3, which takes driver bridge"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"], driver: macvlan, driver_opts: {parent: x}}]",
      "3:51: error: links[0].driver: macvlan would join the lab to a network of this computer's own"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"], driver: bridg}]",
      "3:51: error: links[0].driver: 'bridg' is not a link's driver (allowed: veth, bridge); did you mean 'bridge'?"
    ),
    (
      "[{endpoints: [\"a:eth0\", \"b:eth1\"]}]",
      "3:22: error: links[0].endpoints[0]: eth0 is the management interface of every machine"
    ),
    (
      "[{endpoints: [\"a:eth0\", \"b:eth0\"]}, {endpoints: [\"a:eth0\", \"c:eth0\"]}]",
      "the interface eth0 of 'a' has a cable already"
    ),
    (
      "[{endpoints: [\"a:eth0:10.0.0.7/8\"]}]",
      "3:22: error: links[0].endpoints[0]: a management network of /8 does not fit"
    ),
    (
      "[{endpoints: [\"cvp:eth1\", \"b:eth1\"]}]",
      "'cvp' is a device of the kind cvp by docker-topo's rules"
    ),
    ("[{endpoint: [\"a:eth1\", \"b:eth1\"]}]", "did you mean 'endpoints'?"),
    ("[]", "3:8: error: links: a lab needs at least one link"),
    ("{}", "3:8: error: links: a list is needed here"),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"]}]\nkubewright: {machines: {\"c*\": {}}}",
      "4:25: error: kubewright.machines: no link names a device 'c*'"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"]}]\nkubewright: {machines: {a: {system: ios}}}",
      "'ios' is not a machine's system (allowed: linux, eos); did you mean 'eos'?"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"]}]\nkubewright: {machines: {a: {operator: 1}}}",
      "'1' is not true or false"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"]}]\nkubewright: {machines: {a: {node: {name: x}}}}",
      "'name' is what the lab writes itself"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"]}]\nkubewright: {cluster: {hosts: []}}",
      "'hosts' is what the lab writes itself"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"]}]\nkubewright: {managment: 10.0.0.0/24}",
      "did you mean 'management'?"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"]}]\nCONF_DIR: ./nowhere",
      "4:11: error: CONF_DIR: there is no folder lab/nowhere"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"]}]\nCONF_DIR: config",
      "3:22: error: links[0].endpoints[0]: 'a' has no configuration: there is no lab/config/k_a and no lab/config/a"
    ),
    (
      "[{endpoints: [\"a:eth1\", \"b:eth1\"]}]\nPUBLISH_BASE: 9000\ndriver: vet",
      "4:15: warning: PUBLISH_BASE: ignored"
    ),
  ])
  func saysWhatIsWrong(links: String, expected: String) {
    let (topology, said) = Self.read("VERSION: 2\nPREFIX: k\nlinks: \(links)")
    #expect(topology == nil)
    #expect(said.contains(expected), "\(said)")
  }

  @Test(arguments: [
    (
      "VERSION: 1\nlinks: []",
      "1:10: error: VERSION: version '1' of docker-topo's form is not read (allowed: 2)"
    ),
    ("links: [{endpoints: [\"a:eth1\", \"b:eth1\"]}]", "1:1: error: the key 'VERSION' is missing"),
    ("VERSION: 2", "the key 'links' is missing"),
    ("VERSION: 2\nlinks: [{endpoints: &x [*x]}]", "error:"),
  ])
  func saysWhatIsMissing(text: String, expected: String) {
    let (topology, said) = Self.read(text)
    #expect(topology == nil)
    #expect(said.contains(expected), "\(said)")
  }

  /// What is wrong between the topology and the border's configuration, which gets lines more.
  @Test(arguments: [
    (
      "interface Ethernet1\n   ip address 10.0.0.6/31",
      "lab/t.yml:7:32: error: 10.0.0.1/31 is not in the network of the other end, 10.0.0.6/31", true
    ),
    (
      "interface Ethernet1\n   ip address 10.0.0.1/31",
      "lab/t.yml:7:32: error: 10.0.0.1 is the address of 'veos-b:eth1' already", true
    ),
    (
      "interface Loopback1\n   ip address 10.0.0.3/32",
      "10.0.0.3 is the address of 'veos-l:eth1' already", true
    ),
    ("interface Loopback1\n   ip address 172.30.77.99/32", "overlaps the management network", true),
    (
      "interface Management1\n   ip address 10.1.0.1/24", "10.1.0.1 is the operator's own address",
      true
    ),
    (
      "interface Management1\n   ip address 10.1.0.2/30",
      "a management network of /30 does not fit", true
    ),
    (
      "hostname veos-l",
      "k_veos-b:12:10: error: 'veos-b' calls itself 'veos-l', which is the name of 'veos-l'", true
    ),
    ("hostname bad_name", "k_veos-b:12:10: error: 'bad_name' is no host name", true),
    (
      "interface Ethernet7\n   ip address 10.0.7.1/31",
      "k_veos-b:12:11: warning: left out: no link of the topology ends at veos-b:eth7", false
    ),
    (
      "ip route 10.9.0.0/16 10.5.5.5",
      "k_veos-b:12:22: warning: left out: no network of veos-b has the next hop 10.5.5.5", false
    ),
    (
      "snmp-server community public", "k_veos-b:12:1: note: ignored: 'snmp-server community …'",
      false
    ),
  ])
  func saysWhatIsWrongWithConfigurations(lines: String, expected: String, isError: Bool) {
    var configurations = Self.configurations
    configurations["lab/config/k_veos-b"] = Self.border + "\n" + lines
    let (topology, said) = Self.read(Self.small, configurations)
    #expect((topology == nil) == isError)
    #expect(said.contains(expected), "\(said)")
  }

  /// The end's address in the topology and in the configuration must be the same.
  @Test func addressesMayNotDiffer() {
    let text = "VERSION: 2\nPREFIX: k\nlinks: [{endpoints: [\"a:eth1:10.0.0.0/31\", \"b:eth1\"]}]"
    let file = "lab/config/a"
    #expect(Self.read(text, [file: "interface Et1\nip address 10.0.0.0/31"]).said == "")
    let (topology, said) = Self.read(text, [file: "interface Et1\nip address 10.0.0.2/31"])
    #expect(topology == nil)
    #expect(
      said.contains("lab/config/a:2:12: error: 10.0.0.2/31 is not what the topology gives a:eth1")
    )
  }

  @Test func hostNamesMayDiffer() throws {
    var configurations = Self.configurations
    configurations["lab/config/veos-l"] = "hostname Leaf-One"
    let topology = try #require(Self.read(Self.small, configurations).topology)
    #expect(topology.machines.map(\.hostname) == ["veos-b", "leaf-one", "host-c"])
    configurations["lab/config/k_veos-b"] = "hostname leaf-one"
    let (none, said) = Self.read(Self.small, configurations)
    #expect(none == nil)
    #expect(said.contains("which is the name of"))
  }

  /// Every prefix of a good file, and the file with any byte replaced, is read or refused but never crashes.
  @Test func survivesDamage() {
    let bytes = Array((Self.small + "kubewright: {machines: {\"v*\": {arch: i386}}}").utf8)
    for index in bytes.indices {
      _ = Self.read(String(decoding: bytes[..<index], as: UTF8.self), Self.configurations)
      for byte in "[]{}:-&*\"\n /".utf8 {
        var damaged = bytes
        damaged[index] = byte
        let (topology, said) = Self.read(
          String(decoding: damaged, as: UTF8.self),
          Self.configurations
        )
        #expect((topology == nil) == said.contains("error: "))
      }
    }
  }

  /// The example of the repository, with nothing ignored and nothing to complain of.
  @Test func readsTheExample() throws {
    let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let file = "/\(folder)/examples/leaf-spine/topology.yml"
    let text = try #require(TextFile.read(file))
    let (read, diagnostics) = Topology.read(text: text, file: file)
    #expect(diagnostics.isEmpty)
    let topology = try #require(read)
    #expect(topology.name == "leaf-spine")
    let ends = topology.links.map { link in
      link.ends.map { "\($0) \($0.address?.description ?? "")" }.joined(separator: " - ")
    }
    #expect(
      ends == [
        "veos-b:eth1 10.0.0.0/31 - host-c1:eth1 10.0.0.1/31",
        "veos-b:eth2 10.0.0.2/31 - veos-l1:eth1 10.0.0.3/31",
        "veos-b:eth3 10.0.0.4/31 - veos-l2:eth1 10.0.0.5/31",
        "veos-l1:eth2 10.0.0.6/31 - host-s1:eth1 10.0.0.7/31",
        "veos-l2:eth2 10.0.0.8/31 - host-s2:eth1 10.0.0.9/31",
      ]
    )
    #expect(
      topology.machines.map { "\($0.name) \($0.address) \($0.userland.debianArchitecture)" } == [
        "veos-b 172.20.0.2 i386", "veos-l1 172.20.0.3 i386", "veos-l2 172.20.0.4 i386",
        "host-c1 172.20.0.5 amd64", "host-s1 172.20.0.6 amd64", "host-s2 172.20.0.7 amd64",
      ]
    )
    #expect(
      topology.machines.compactMap(\.loopbacks.first?.description)
        == ["1.1.1.1/32", "2.2.2.2/32", "3.3.3.3/32"]
    )
  }
}
