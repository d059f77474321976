// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Lab

@Suite struct SwitchConfigurationTests {
  private static let whole = """
    ! a border switch
    hostname veos-b
    ip name-server vrf default 8.8.8.8
    !
    username admin privilege 15 secret sha512 $6$hidden
    !
    interface Ethernet1
       description to the operator
       no switchport
       ip address 10.0.0.0/31
    !
    interface Ethernet2
       no switchport
       mtu 9000
       ip address 10.0.0.2 255.255.255.254
       ip ospf network point-to-point
       ip ospf cost 20
       ip ospf hello-interval 1
       ip ospf dead-interval 4
    !
    interface Loopback0
       ip address 1.1.1.1/32
    !
    interface Ma1
       ip address 172.21.0.2/16
       ip address 172.20.0.2/16
       no shutdown
       exit
    !
    interface Vlan10
       ip address 10.9.0.1/24
    !
    ip routing
    ip route 0.0.0.0/0 172.20.0.1
    ip route 10.7.7.7 255.255.0.0 10.0.0.1
    ip route 10.8.0.0/16 Null0
    !
    router ospf 1
       router-id 1.1.1.1
       passive-interface Management1
       network 1.1.1.1/32 area 0.0.0.0
       network 10.0.0.0 0.0.0.255 area 1
       redistribute connected
       log-adjacency-changes
       max-lsa 12000
    !
    end
    hostname too-late
    """

  @Test func readsWhatALabActsOn() throws {
    let (read, diagnostics) = SwitchConfigurationParser.parse(Self.whole, file: "b")
    #expect(read.hostname?.value == "veos-b")
    #expect(read.interfaces.map(\.label) == ["Ethernet1", "Ethernet2", "Loopback0", "Management1"])
    #expect(read.interfaces.map(\.name) == ["eth1", "eth2", "lo", "eth0"])
    #expect(
      read.interfaces.map(\.address?.value.description)
        == ["10.0.0.0/31", "10.0.0.2/31", "1.1.1.1/32", "172.20.0.2/16"]
    )
    #expect(read.interfaces.map(\.isPointToPoint) == [false, true, false, false])
    #expect(read.interfaces[1].ospfCost == 20)
    #expect(read.interfaces[1].ospfHelloInterval == 1)
    #expect(read.interfaces[1].ospfDeadInterval == 4)
    #expect(read.forwardsPackets)
    #expect(
      read.routes.map { "\($0.value.network) \($0.value.nextHop)" }
        == ["0.0.0.0/0 172.20.0.1", "10.7.0.0/16 10.0.0.1"]
    )
    let ospf = try #require(read.ospf(over: ["eth0", "eth1", "eth2"]))
    #expect(ospf.routerID?.description == "1.1.1.1")
    #expect(
      ospf.networks.map { "\($0.prefix) \($0.area)" }
        == ["1.1.1.1/32 0.0.0.0", "10.0.0.0/24 0.0.0.1"]
    )
    #expect(ospf.interfaces.map(\.name) == ["eth1", "eth2"])
    #expect(ospf.redistributesConnected && !ospf.redistributesStatic)
    #expect(
      diagnostics.map(\.description) == [
        "b:3:1: note: ignored: 'ip name-server …'",
        "b:5:1: note: ignored: 'username admin …'",
        "b:14:4: note: ignored: 'mtu 9000'",
        "b:30:1: note: ignored: 'interface Vlan10'",
        "b:36:1: note: ignored: 'ip route …'",
        "b:44:4: note: ignored: 'log-adjacency-changes'",
        "b:48:1: note: ignored, with all that follows: the configuration ended above",
      ]
    )
  }

  /// Which of eth1 and eth2 may have neighbours.
  @Test(arguments: [
    ("", ["eth1", "eth2"]),
    ("passive-interface Ethernet1", ["eth2"]),
    ("passive-interface Ethernet1\n   no passive-interface Et1", ["eth1", "eth2"]),
    ("passive-interface default", []),
    ("passive-interface default\n   no passive-interface Ethernet 2", ["eth2"]),
    ("no passive-interface Ethernet2\n   passive-interface default", []),
  ])
  func passiveInterfacesHaveNoNeighbours(lines: String, expected: [String]) {
    let text = """
      interface Ethernet1
      interface Ethernet2
      interface Ethernet3
      router ospf 7
         \(lines)
      """
    let (read, diagnostics) = SwitchConfigurationParser.parse(text, file: "f")
    #expect(diagnostics.isEmpty)
    #expect(read.ospf(over: ["eth1", "eth2"])?.interfaces.map(\.name) == expected)
  }

  @Test(arguments: [
    (
      "interface Ethernet1\n   ip address 10.0.0.0/33",
      "f:2:15: error: '10.0.0.0/33' is not an interface's address: '33' is no prefix length from 1 to 32"
    ),
    (
      "interface Ethernet1\n   ip address 10.0.0/31",
      "f:2:15: error: '10.0.0/31' is not an interface's address such as"
    ),
    (
      "interface Ethernet1\n   ip address 10.0.0.0/24",
      "f:2:15: error: '10.0.0.0/24' is not an interface's address: it is the network itself"
    ),
    ("interface Ethernet1\n   ip address 10.0.0.255/24", "its network's broadcast address"),
    (
      "interface Ethernet1\n   ip address 10.0.0.1 255.0.255.0",
      "f:2:24: error: '255.0.255.0' is not a network mask"
    ),
    (
      "interface Ethernet1\n   ip ospf cost many",
      "f:2:17: error: 'many' is not a number from 1 to 65535"
    ),
    (
      "ip route 10.0.0.0/40 10.0.0.1",
      "f:1:10: error: '10.0.0.0/40' is not an IPv4 network such as 10.0.0.0/24: '40' is no prefix"
    ),
    (
      "ip route 10.0.0.0/8 10.0.0.256",
      "f:1:21: error: '10.0.0.256' is not a next hop's IPv4 address"
    ),
    (
      "ip route 10.0.0.0 255.255.0.255 10.0.0.1", "f:1:10: error: '10.0.0.0' is not an IPv4 network"
    ),
    ("router ospf one", "f:1:13: error: 'one' is not a number from 1 to 65535"),
    ("router ospf 1\n   router-id 1", "f:2:14: error: '1' is not a router's id such as 1.1.1.1"),
    ("router ospf 1\n   network 10.0.0.0/8 area x", "f:2:28: error: 'x' is not an OSPF area"),
    (
      "router ospf 1\n   network 10.0.0.0/99 area 0",
      "f:2:12: error: '10.0.0.0/99' is not an IPv4 network"
    ),
    ("router ospf 1\n   passive-interface Vlan1", "f:2:22: error: 'Vlan1' is not an interface"),
    ("router ospf 1\n   max-lsa -1", "f:2:12: error: '-1' is not a number"),
    (
      "router ospf 1\nrouter ospf 2\n   router-id 2.2.2.2",
      "f:2:13: warning: ignored: a machine of a lab has one OSPF process"
    ),
    ("interface Ethernet1\n   ip address dhcp", "f:2:4: note: ignored: 'ip address …'"),
    ("interface Ethernet1\n   ip address 10.0.0.1/24 secondary", "f:2:4: note: ignored"),
    ("interface Ethernet1-4\n   no switchport", "f:1:1: note: ignored: 'interface Ethernet1-4'"),
    ("interface Ethernet0", "f:1:1: note: ignored"),
    ("router bgp 65001\n   neighbor 1.1.1.1 remote-as 1", "f:1:1: note: ignored: 'router bgp …'"),
  ])
  func saysWhatIsWrong(text: String, expected: String) {
    let (_, diagnostics) = SwitchConfigurationParser.parse(text, file: "f")
    #expect(diagnostics.count == 1)
    let said = diagnostics.map(\.description).joined(separator: "\n")
    #expect(said.contains(expected), "\(said)")
  }

  /// Sections end with the next one, indented or not, as the switch itself takes them.
  @Test(arguments: [
    "interface Ethernet1\nip address 10.0.0.0/31\nhostname a\nrouter ospf 1\nrouter-id 1.1.1.1",
    "interface Ethernet1\r\n\tip address 10.0.0.0/31\r\nexit\r\nhostname a\r\nrouter ospf 1\r\n router-id 1.1.1.1\r\n",
    "router ospf 1\n   router-id 1.1.1.1\n   !\n!\nint\ninterface et1\n   ip address 10.0.0.0/31\n!\nhostname a",
  ])
  func sectionsEnd(text: String) {
    let (read, _) = SwitchConfigurationParser.parse(text, file: "f")
    #expect(read.hostname?.value == "a")
    #expect(read.interfaces.map(\.address?.value.description) == ["10.0.0.0/31"])
    #expect(read.ospf?.routerID?.description == "1.1.1.1")
  }

  @Test(arguments: [
    ("Ethernet1", "Ethernet1", "eth1"), ("Et12", "Ethernet12", "eth12"),
    ("ethernet3/1", "Ethernet3/1", "eth3_1"), ("Loopback0", "Loopback0", "lo"),
    ("Management1", "Management1", "eth0"), ("Ma0", "Management0", "eth0"),
  ])
  func interfacesHaveKernelNames(word: String, label: String, name: String) throws {
    let parsed = try #require(InterfaceLabel.parse(word))
    #expect(parsed.label == label)
    #expect(parsed.name == name)
  }

  @Test(arguments: [
    "", "Ethernet", "1", "Ethernet1.5", "Ethernet1/2/3/4", "Ethernet123456", "Vlan1", "Eth-1",
    "Ethernet0", "Ethernet１",
  ])
  func otherInterfacesHaveNone(word: String) {
    #expect(InterfaceLabel.parse(word) == nil)
  }

  /// Every prefix, and the file with any byte replaced, is read without a crash.
  @Test func survivesDamage() {
    let bytes = Array(Self.whole.utf8)
    for index in bytes.indices {
      _ = SwitchConfigurationParser.parse(
        String(decoding: bytes[..<index], as: UTF8.self),
        file: "f"
      )
      for byte in [0, 9, 10, 32, 33, 47, 57, 255] as [UInt8] {
        var damaged = bytes
        damaged[index] = byte
        let text = String(decoding: damaged, as: UTF8.self)
        let (_, diagnostics) = SwitchConfigurationParser.parse(text, file: "f")
        #expect(diagnostics.allSatisfy { $0.position.line >= 1 && $0.position.column >= 1 })
      }
    }
  }

  @Test func listsFewIgnoredLines() {
    let text = String(repeating: "junk line\n", count: 10_000)
    let (_, diagnostics) = SwitchConfigurationParser.parse(text, file: "f")
    #expect(diagnostics.count == 50)
    #expect(diagnostics.last?.message.contains("not listed") == true)
    let huge = String(repeating: "x", count: SwitchConfigurationParser.largest + 1)
    #expect(SwitchConfigurationParser.parse(huge, file: "f").1.map(\.severity) == [.error])
  }
}
