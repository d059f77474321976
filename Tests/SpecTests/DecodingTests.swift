// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Spec

struct DecodingTests {
  @Test func everyKeyReachesItsPlace() throws {
    let text = """
      apiVersion: kubewright/v1alpha1
      kind: Cluster
      metadata: {name: leaf-spine}
      spec:
        kubernetes: {version: 1.20.2}
        controlPlane: {endpoint: "10.0.0.1", extraSANs: [k8s.example.com, 10.9.9.9], admissionPlugins: [ResourceQuota]}
        network:
          podCIDR: 10.16.0.0/16
          serviceCIDR: 10.10.0.0/22
          nodePrefix: 25
          nodePorts: 20000-22000
          dnsDomain: k8s.example
          cni: {type: none, backend: host-gw}
          proxy: {mode: ipvs, conntrack: proxy, conntrackBuckets: 4096}
        pki: {algorithm: rsa3072, authorityHours: 100, leafHours: 10, userAuthorities: ./mine}
        secretsEncryption: {provider: aescbc}
        audit: {maxAge: 1, maxBackup: 2, maxSize: 3}
        etcd: {version: v3.4.23}
        artifacts:
          sources: [{folder: /srv/programs}, {mirror: "https://m.example/k"}, build, published]
        hosts:
          - name: leaf-1.rack
            ssh:
              address: fe80::1
              port: 2222
              user: admin
              identityFile: ~/.ssh/id
              hostKey: \(SSHSyntax.exampleKey) root@leaf
              jump: admin@bastion:22,other
            nodeIP: 10.0.0.1
            roles: [worker, etcd, control-plane]
            profile: eos
            runtime: {engine: docker}
            labels: {tier: border, example.com/on: "", node.kubernetes.io/x: "1"}
            taints: ["dedicated=storage:NoSchedule", "flaky:NoExecute"]
      """
    let result = SpecFixture.read(text)
    #expect(result.diagnostics.map(\.description) == [])
    let host = HostSpec(
      name: "leaf-1.rack",
      ssh: SSHSpec(
        address: "fe80::1",
        port: 2222,
        user: "admin",
        identityFile: "~/.ssh/id",
        hostKey: SSHSyntax.exampleKey,
        jump: "admin@bastion:22,other"
      ),
      nodeIP: IPv4Address(raw: 0x0A00_0001),
      roles: [.etcd, .controlPlane, .worker],
      profile: .eos,
      runtime: RuntimeSpec(engine: .docker),
      labels: ["tier": "border", "example.com/on": "", "node.kubernetes.io/x": "1"],
      taints: [
        Taint(key: "dedicated", value: "storage", effect: .noSchedule),
        Taint(key: "flaky", value: "", effect: .noExecute),
      ]
    )
    #expect(
      result.spec
        == ClusterSpec(
          name: "leaf-spine",
          kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
          controlPlane: ControlPlaneSpec(
            endpoint: Endpoint(host: "10.0.0.1", port: 6443),
            extraSANs: ["k8s.example.com", "10.9.9.9"],
            admissionPlugins: ["ResourceQuota"]
          ),
          network: NetworkSpec(
            podCIDR: CIDR(base: IPv4Address(raw: 0x0A10_0000), prefix: 16),
            serviceCIDR: CIDR(base: IPv4Address(raw: 0x0A0A_0000), prefix: 22),
            nodePrefix: 25,
            nodePorts: 20000...22000,
            dnsDomain: "k8s.example",
            cni: .none,
            proxyMode: .ipvs,
            flannelBackend: .hostGateway,
            conntrack: .proxy,
            conntrackBuckets: 4096
          ),
          pki: PKISpec(
            algorithm: .rsa3072,
            authorityHours: 100,
            leafHours: 10,
            userAuthorities: "./mine"
          ),
          secretsEncryption: SecretsEncryptionSpec(provider: .aescbc),
          audit: AuditSpec(maxAge: 1, maxBackup: 2, maxSize: 3),
          etcd: EtcdSpec(version: KubernetesVersion(3, 4, 23)),
          artifacts: ArtifactsSpec(sources: [
            .folder("/srv/programs"), .mirror("https://m.example/k"), .build, .published,
          ]),
          hosts: [host]
        )
    )
  }

  @Test(arguments: [
    ("version: v1.30.4", "version: v1.23.4"),
    ("  hosts:", "  artifacts: {sources: [published, {folder: mine}]}\n  hosts:"),
  ])
  func dockerIsRightWhereTheKubeletDrivesItOrAFolderMayHaveTheRest(_ edit: (String, String)) {
    let text = SpecFixture.text.replacing(edit.0, with: edit.1, maxReplacements: 1)
      .replacing("roles: [worker]", with: "roles: [worker]\n      runtime: {engine: docker}")
    #expect(SpecFixture.read(text).diagnostics.map(\.description) == [])
  }

  @Test func flannelIsRightWithAFolder() throws {
    let text = SpecFixture.text
      .replacing("mode: iptables", with: "mode: iptables\n    cni: {type: flannel}")
      .replacing("  hosts:", with: "  artifacts: {sources: [{folder: mine}]}\n  hosts:")
    let result = SpecFixture.read(text)
    #expect(result.diagnostics.map(\.description) == [])
    #expect(result.spec?.network.flannelBackend == .vxlan)
  }

  @Test func whatIsLeftOutHasTheTypesDefaults() throws {
    let text = """
      apiVersion: kubewright/v1alpha1
      kind: Cluster
      metadata: {name: a}
      spec:
        kubernetes: {version: v1.30.0}
        controlPlane: {endpoint: "192.0.2.1:6443"}
        hosts: [{name: a, nodeIP: 192.0.2.1, roles: [etcd, control-plane, worker]}]
      """
    let result = SpecFixture.read(text)
    #expect(result.diagnostics == [])
    #expect(
      result.spec
        == ClusterSpec(
          name: "a",
          kubernetes: KubernetesSpec(version: KubernetesVersion(1, 30, 0)),
          controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "192.0.2.1")),
          hosts: [
            HostSpec(
              name: "a",
              ssh: nil,
              nodeIP: IPv4Address(raw: 0xC000_0201),
              roles: Set(Role.allCases)
            )
          ]
        )
    )
  }

  /// Other ways to write the fixture.
  @Test(arguments: [
    SpecFixture.text.replacing("\n", with: "\r\n"),
    SpecFixture.text.replacing("\n", with: "\r"),
    "\u{FEFF}" + SpecFixture.text,
    "%YAML 1.2\n---\n" + SpecFixture.text + "...\n",
    SpecFixture.text.replacing("name: demo", with: "\"name\": !!str 'demo' # *the* best [[["),
    SpecFixture.text.replacing("name: demo", with: "name: &n demo").replacing(
      "dnsDomain: x",
      with: ""
    ),
    SpecFixture.text.replacing("    name: demo", with: "    ? name\n    : >-\n      demo"),
  ])
  func readsEveryWayToWriteIt(text: String) {
    let result = SpecFixture.read(text)
    #expect(result.diagnostics.map(\.description) == [])
    #expect(result.spec == SpecFixture.read(SpecFixture.text).spec)
    #expect(result.spec != nil)
  }

  @Test func aliasesStandForTheirAnchors() {
    let text = SpecFixture.text
      .replacing("      roles: [worker]", with: "      roles: *r\n      labels: *l")
      .replacing(
        "      roles: [etcd,",
        with: "      labels: &l {tier: \"*\u{78}\"}\n      roles: [etcd,"
      )
      .replacing("[etcd, control-plane, worker]", with: "&r [etcd, control-plane, worker]")
    // A star in quotes is text: here it is a value that a label may not have.
    #expect(
      SpecFixture.read(text).diagnostics.map(\.description).filter { $0.contains("error") } == [
        "c.yaml:22:25: error: spec.hosts[0].labels.tier: '*x' is not a label's value (letters, "
          + "digits, and -_. inside), such as storage",
        "c.yaml:22:25: error: spec.hosts[1].labels.tier: '*x' is not a label's value (letters, "
          + "digits, and -_. inside), such as storage",
      ]
    )
    let right = SpecFixture.read(text.replacing("*\u{78}", with: "x"))
    #expect(right.spec?.hosts.map(\.labels) == [["tier": "x"], ["tier": "x"]])
    #expect(right.spec?.hosts.map(\.roles.count) == [3, 3])
  }

  @Test func aliasesCannotGrow() {
    let items = Array(repeating: "x", count: 1000).joined(separator: ",")
    let text =
      "a: &a [\(items)]\nb: [\(Array(repeating: "*a", count: 1000).joined(separator: ","))]"
    let result = SpecFixture.read(text)
    #expect(
      result.diagnostics.map(\.message) == ["the aliases grow to more than 200000 values"]
    )
    var bomb = "a0: &a0 [x, x]\n"
    for level in 1...64 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(
      SpecFixture.read(bomb).diagnostics.map(\.message) == ["an anchor may not hold aliases itself"]
    )
    // As a key it would be hashed, before anyone counts.
    let keyed = bomb.replacing(": &a64", with: ":\n  ? &a64").replacing(
      "*a63]\n",
      with: "*a63]\n  : x\n"
    )
    #expect(SpecFixture.read(keyed).spec == nil)
  }

  @Test func hugeFilesAreRefused() {
    #expect(
      SpecFixture.read(String(repeating: "# 89\n", count: 300_000)).diagnostics.map(\.message) == [
        "is larger than 1 MiB: this cannot be a spec"
      ]
    )
  }

  @Test func manyFaultsAreCutShort() {
    let keys = (0..<5000).map { "key\($0): x\n" }.joined()
    let diagnostics = SpecFixture.read(keys).diagnostics
    #expect(diagnostics.count == 101)
    #expect(diagnostics.last?.message == "and 4904 more, which are not shown")
  }

  @Test func aThousandDuplicatesEndReading() {
    let keys = String(repeating: "kind: Cluster\n", count: 1000)
    let diagnostics = SpecFixture.read(keys).diagnostics
    #expect(diagnostics.map(\.message).last?.hasPrefix("keys are given twice") == true)
  }
}
