// SPDX-License-Identifier: Apache-2.0

import Catalog
import Resources
import Spec
import Testing
import Values

@testable import Components

/// Every rendered line can say why it is there.
@Suite struct ExplainTests {
  private func answer(_ subject: String, _ fixture: Fixture = Fixture(), host: String = "alpha")
    throws
    -> String
  {
    try Explain.answer(for: subject, context: fixture.context(host)).joined(separator: "\n")
  }

  @Test(arguments: [
    ("--audit-log-maxage", "Days a log is kept."), ("--audit-log-maxage", "spec.audit.maxAge"),
    ("kube-apiserver --audit-log-maxage", "kube-apiserver --audit-log-maxage=30"),
    ("insecure-port", "version: in every version from 1.11 on, deprecated in 1.10, up to 1.23"),
    ("etcd --name", "etcd --name=alpha"), ("--proxy-mode", "mode: iptables"),
    ("kubelet --cluster-dns", "its configuration file says it"),
    ("kube-scheduler --algorithm-provider", "is not given: its default holds"),
    ("conntrack.maxPerCore", "/var/lib/kube-proxy/config.yaml: conntrack.maxPerCore: 0"),
    ("protectKernelDefaults", "CIS: 4.2.6"),
    ("/etc/systemd/system/kubelet.service", "--node-labels=tier=edge  # Labels"),
    ("/etc/systemd/system/kubelet.service", "file, 0600 root:root, stage workers"),
    ("/var/lib/kubelet/config.yaml", "cgroupDriver  # Kubelet and runtime must agree"),
    ("/etc/kubernetes/pki/apiserver.crt", "read by: kube-apiserver.service"),
    ("/etc/kubernetes/pki/apiserver.crt", "set by: spec.pki"),
    ("/usr/local/bin/etcd", "set by: spec.etcd.version"),
    ("/var/lib/etcd/member/wal", "it lies in a folder that is:"),
    ("sysctl:net.ipv4.ip_forward", "net.ipv4.ip_forward (sysctl, stage prepare)"),
    ("net.ipv4.ip_forward", "net.ipv4.ip_forward (sysctl, stage prepare)"),
    ("kubelet.service", "kubelet.service (unit, stage workers)"), ("swap:off", "off (swap, "),
  ])
  func answers(_ subject: String, _ says: String) throws {
    let text = try answer(subject)
    #expect(text.contains(says), "\(text)")
  }

  @Test("a plugin of an EKS worker may be replaced by the cluster's pod network, no other may")
  func sharedPlugins() throws {
    let path = "/opt/cni/bin/loopback"
    let shared = "one that the cluster's pod network puts in its place stays"
    let worker = Fixture.eks(Minor(1, 30))
    #expect(try answer(path, worker, host: "worker").contains(shared))
    #expect(try !answer(path).contains(shared))
    let replaceable = try worker.resources("worker").compactMap { item -> String? in
      guard case .binary(let binary) = item.resource, binary.mayBeReplaced else { return nil }
      return binary.path
    }
    #expect(!replaceable.isEmpty && replaceable.allSatisfy { $0.hasPrefix("/opt/cni/bin/") })
  }

  @Test(arguments: [
    "--conntrack-max-per-core", "conntrack", "/sys/module/nf_conntrack/parameters/hashsize",
    "net.netfilter.nf_conntrack_max",
  ])
  func tellsWhatKilledTheSwitch(_ subject: String) throws {
    let text = try answer(subject, .eos(), host: "veos-l1")
    #expect(
      text.contains("leaves the kernel's connection table alone on veos-l1: the host runs EOS")
    )
    #expect(text.contains("BUG: sleeping function called from invalid context"))
    #expect(text.contains("hashsize=16384"))
    var fixture = Fixture()
    fixture.cluster.network.conntrack = .proxy
    #expect(try answer(subject, fixture).contains("kube-proxy sizes the kernel's connection table"))
  }

  @Test func aLinkIsToldWithWhatItLeadsTo() throws {
    let text = try answer("/usr/local/bin/kubelet", .eos(), host: "veos-b")
    #expect(text.contains("link to /mnt/flash/kubernetes/usr/local/bin/kubelet"))
    #expect(text.contains("program, sha256"))
    #expect(
      try answer("/mnt/flash/rc.eos", .eos(), host: "veos-b").contains("spec.hosts[].profile")
    )
  }

  @Test(arguments: ["--no-such-flag", "/no/such/path", "", "noSuchField", "etcd --proxy-mode"])
  func whatIsNotThereIsAnError(_ subject: String) throws {
    let failure = try #require(throws: Failure.self) { try answer(subject) }
    #expect(failure.kind == .invalidInput && failure.host == "alpha")
  }

  @Test func noAnswerShowsASecret() throws {
    for item in try Fixture().resources("alpha") where item.resource.id.kind == "file" {
      let text = try answer(item.resource.id.name)
      #expect(!text.contains("PRIVATE KEY"))
    }
  }

  @Test(arguments: Catalog.standard.minors)
  func everyFieldHasAReason(_ minor: Minor) throws {
    let files: [(ConfigKind, String)] = [
      (.kubelet, "/var/lib/kubelet/config.yaml"), (.kubeProxy, "/var/lib/kube-proxy/config.yaml"),
    ]
    for (kind, path) in files {
      let lines = try Fixture(minor).resources("alpha").text(path).split(separator: "\n")
      for line in lines where line.first?.isLetter == true {
        let field = String(line.prefix { $0 != ":" })
        guard !["apiVersion", "kind"].contains(field) else { continue }
        #expect(FieldReasons.reason(for: field, of: kind) != nil, "\(field)")
      }
    }
    for (program, fields) in FieldReasons.fieldOfFlag {
      for flag in fields.keys {
        #expect(Catalog.standard.record(flag: flag, of: program) != nil, "\(program) \(flag)")
      }
    }
  }
}
