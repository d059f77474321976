// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Facts

/// One change to a host that joined, and what is to be said of it.
struct BrokenLink: Sendable, CustomTestStringConvertible {
  let name: String
  /// Parts of the first finding's text.
  let says: [String]
  let change: @Sendable (inout JoinEvidence, inout JoinExpectations) -> Void

  init(
    _ name: String,
    _ says: String...,
    change: @escaping @Sendable (inout JoinEvidence, inout JoinExpectations) -> Void
  ) {
    self.name = name
    self.says = says
    self.change = change
  }

  var testDescription: String { name }
}

struct JoinDiagnosisTests {
  static let name = "ip-10-0-1-2.us-west-2.compute.internal"
  static let role = "arn:aws:sts::123456789012:assumed-role/worker/i-0abc"
  static let host = "0123ABC.gr7.us-west-2.eks.amazonaws.com"

  static let expected = JoinExpectations(
    host: "one",
    probe: JoinProbe(
      cluster: "prod",
      endpoint: "https://\(host)",
      authorityPath: "/etc/kubernetes/pki/ca.crt",
      credentialCommand: ["/usr/local/bin/aws-iam-authenticator", "token", "-i", "prod"],
      nodeName: name,
      runtimeUnit: "crio.service"
    ),
    region: "us-west-2",
    clock: 1_700_000_000
  )

  /// A host whose node is registered, and not Ready for no reason.
  static var registered: JoinEvidence {
    var found = JoinEvidence()
    found.hasCurl = true
    found.nameservers = ["10.0.0.2"]
    found.resolution = .addresses(["10.0.3.4", "10.0.4.5"])
    found.authority = .ok
    found.connection = .init(
      exitCode: 0,
      status: 200,
      connected: true,
      address: "10.0.3.4",
      message: ""
    )
    found.clock = 1_700_000_001
    found.serverSkew = 1
    found.credential = .init(
      exitCode: 0,
      expiration: Timestamp(seconds: 1_700_000_840),
      token: .eks
    )
    found.stsHost = "sts.us-west-2.amazonaws.com"
    found.signedRegion = "us-west-2"
    found.identity = .init(exitCode: 0, status: 200, arn: CallerARN(role))
    found.node = .init(
      exitCode: 0,
      status: 200,
      conditions: [.init(type: "Ready", status: "False")]
    )
    found.whoami = .init(
      exitCode: 0,
      status: 403,
      message: "forbidden: User \"system:node:\(name)\" cannot get path \"/kubewright-join\""
    )
    found.kubelet.properties = ["LoadState": "loaded", "ActiveState": "active"]
    found.runtime.properties = found.kubelet.properties
    found.hasCNIFolder = true
    found.cniFiles = ["10-aws.conflist"]
    return found
  }

  private static func connection(_ code: Int, _ message: String, connected: Bool = true)
    -> BrokenLink.Change
  {
    { evidence, _ in
      evidence.connection = .init(
        exitCode: code,
        status: 0,
        connected: connected,
        address: "",
        message: "(\(code)) \(message)"
      )
      evidence.serverSkew = nil
      (evidence.node, evidence.whoami) = (nil, nil)
    }
  }

  private static func unauthorized(
    _ change: @escaping @Sendable (inout JoinEvidence) -> Void = { _ in }
  ) -> BrokenLink.Change {
    { evidence, _ in
      evidence.node = .init(exitCode: 0, status: 401, message: "Unauthorized")
      evidence.whoami = evidence.node
      change(&evidence)
    }
  }

  private static func refused(_ code: String, _ message: String = "") -> BrokenLink.Change {
    unauthorized {
      $0.identity = .init(exitCode: 0, status: 403, code: code, message: message)
    }
  }

  private static func credential(
    _ code: Int,
    _ message: String = "",
    metadata: JoinEvidence.Metadata? = nil
  ) -> BrokenLink.Change {
    { evidence, _ in
      evidence.credential = .init(exitCode: code, message: message)
      evidence.metadata = metadata
      (evidence.identity, evidence.node, evidence.whoami) = (nil, nil, nil)
    }
  }

  private static func notReady(_ message: String, status: String = "False") -> BrokenLink.Change {
    { evidence, _ in
      evidence.node?.conditions = [
        .init(type: "MemoryPressure", status: "False"),
        .init(type: "Ready", status: status, reason: "KubeletNotReady", message: message),
      ]
    }
  }

  private static func user(_ name: String) -> String {
    "forbidden: User \"\(name)\" cannot get path \"/kubewright-join\""
  }

  // MARK: The way to the endpoint

  static let network: [BrokenLink] = [
    .init("no curl", "curl is not on the host", "install curl") { found, _ in
      found = JoinEvidence()
    },
    .init(
      "no name",
      "does not resolve: \(host)",
      "asked: 10.0.0.2",
      "169.254.169.253",
      "private endpoint"
    ) { found, _ in
      found.resolution = .failed
      (found.node, found.whoami, found.serverSkew) = (nil, nil, nil)
    },
    .init(
      "no name, by curl",
      "does not resolve",
      "names no server",
      change: { found, expected in
        found.nameservers = []
        found.resolution = .unknown
        connection(6, "Could not resolve host: x", connected: false)(&found, &expected)
      }
    ),
    .init("no file", "authority is not there: /etc/kubernetes/pki/ca.crt") { found, expected in
      connection(77, "error setting certificate file")(&found, &expected)
      found.authority = .missing
    },
    .init(
      "refused",
      "refuses connections",
      "(10.0.3.4, 10.0.4.5)",
      "security group",
      change: connection(7, "Failed to connect to x port 443: Connection refused", connected: false)
    ),
    .init(
      "silent",
      "does not answer",
      "allow TCP 443",
      "publicAccessCidrs",
      change: connection(28, "Connection timed out after 5001 milliseconds", connected: false)
    ),
    .init(
      "no route",
      "cannot be reached",
      "No route to host",
      change: connection(7, "Failed to connect to x: No route to host", connected: false)
    ),
    .init(
      "stalled",
      "takes connections and then says nothing",
      "MTU",
      change: connection(28, "Operation timed out after 8001 milliseconds with 0 bytes received")
    ),
    .init(
      "issuer, OpenSSL",
      "is not from the authority",
      "cluster.certificateAuthority.data",
      change: connection(60, "SSL certificate problem: unable to get local issuer certificate")
    ),
    .init(
      "issuer, NSS",
      "is not from the authority",
      change: connection(60, "Peer's Certificate issuer is not recognized.")
    ),
    .init(
      "name, OpenSSL",
      "for another name than \(host)",
      "cluster.endpoint",
      change: connection(
        60,
        "SSL: no alternative certificate subject name matches target host name 'x'"
      )
    ),
    .init(
      "name, NSS",
      "for another name",
      change: connection(
        51,
        "Unable to communicate securely with peer: requested domain name does not match the server's"
          + " certificate."
      )
    ),
    .init(
      "expired",
      "has expired by this host's clock",
      "AWS renews",
      change: connection(60, "SSL certificate problem: certificate has expired")
    ),
    .init("not yet valid, by the clock", "its clock is 90000000 s behind this machine's") {
      found,
      expected in
      connection(60, "SSL certificate problem: certificate is not yet valid")(&found, &expected)
      found.clock = 1_610_000_000
    },
    .init(
      "handshake",
      "ends TLS early",
      "proxy",
      change: connection(35, "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to x:443")
    ),
    .init("region", "the endpoint is of another region: us-west-2, and the cluster's is eu-west-1")
    {
      $1.region = "eu-west-1"
    },
  ]

  // MARK: The credentials

  static let credentials: [BrokenLink] = [
    .init(
      "no command",
      "is not on the host: /usr/local/bin/aws-iam-authenticator",
      change: credential(127)
    ),
    .init("not for here", "cannot be executed", "architecture", change: credential(126)),
    .init(
      "no role",
      "fails with exit code 1",
      "NoCredentialProviders",
      "metadata has no role",
      "associate-iam-instance-profile",
      change: credential(
        1,
        "could not get token: NoCredentialProviders: no valid providers in chain",
        metadata: .init(exitCode: 0, status: 404)
      )
    ),
    .init(
      "hop limit",
      "does not come to an end",
      "metadata does not answer",
      "--http-put-response-hop-limit 2",
      change: credential(137, metadata: .init(exitCode: 28, status: 0))
    ),
    .init(
      "metadata is off",
      "switched off",
      "--http-endpoint enabled",
      change: credential(1, metadata: .init(exitCode: 0, status: 403))
    ),
    .init(
      "role is there",
      "credentials of the role worker",
      "by hand",
      change: credential(1, metadata: .init(exitCode: 0, status: 200, role: "worker"))
    ),
    .init("clock", "its clock is 301 s ahead of the cluster's", "169.254.169.123") {
      found,
      expected in
      found.serverSkew = 301
      refused("SignatureDoesNotMatch", "Signature not yet current: 2 is still later than 1")(
        &found,
        &expected
      )
    },
    .init(
      "signature expired",
      "signature for too old or too new",
      change: refused("SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2")
    ),
    .init("request expired", "too old or too new", change: refused("RequestExpired")),
    .init(
      "credentials expired",
      "AWS credentials have expired",
      "sts.us-west-2.amazonaws.com: ExpiredToken",
      change: refused("ExpiredToken", "The security token included in the request is expired")
    ),
    .init(
      "unknown key",
      "does not know the host's access key",
      "AWS_STS_REGIONAL_ENDPOINTS",
      change: refused(
        "InvalidClientTokenId",
        "The security token included in the request is invalid."
      )
    ),
    .init(
      "wrong region",
      "signs for the wrong region: us-west-2",
      change: refused(
        "SignatureDoesNotMatch",
        "Credential should be scoped to a valid region, not 'us-west-2'."
      )
    ),
    .init(
      "another region",
      "wrong region: eu-west-1, and the cluster is in us-west-2",
      "AWS_REGION=us-west-2"
    ) {
      found,
      expected in
      refused("SignatureDoesNotMatch", "does not match")(&found, &expected)
      found.signedRegion = "eu-west-1"
    },
    .init(
      "wrong secret",
      "the host's signature is wrong",
      change: refused("SignatureDoesNotMatch")
    ),
    .init("denied", "forbids the host to be identified", change: refused("AccessDenied")),
    .init("something new", "refuses the host's credentials", "Odd", change: refused("Odd")),
  ]

  // MARK: The identity

  static let identities: [BrokenLink] = [
    .init(
      "no mapping",
      "does not know the host's role: arn:aws:iam::123456789012:role/worker",
      """
      - rolearn: arn:aws:iam::123456789012:role/worker
            username: system:node:{{EC2PrivateDNSName}}
            groups:
            - system:bootstrappers
            - system:nodes
      """,
      "aws eks create-access-entry --cluster-name prod --principal-arn"
        + " arn:aws:iam::123456789012:role/worker --type EC2_LINUX --region us-west-2",
      "get-role --role-name worker",
      change: unauthorized()
    ),
    .init(
      "another partition",
      "rolearn: arn:aws-cn:iam::123456789012:role/worker",
      change: unauthorized {
        $0.identity?.arn = CallerARN("arn:aws-cn:sts::123456789012:assumed-role/worker/i-0abc")
      }
    ),
    .init(
      "a session that is no instance",
      "system:node:{{SessionName}}",
      change: unauthorized {
        $0.identity?.arn = CallerARN("arn:aws:sts::123456789012:assumed-role/worker/me@example.com")
      }
    ),
    .init(
      "a user",
      "not of a role, as nodes' must be: arn:aws:iam::123456789012:user/a/b",
      change: unauthorized { $0.identity?.arn = CallerARN("arn:aws:iam::123456789012:user/a/b") }
    ),
    .init(
      "STS not reached",
      "does not accept the host's token",
      "sts.us-west-2.amazonaws.com: (28) timed out",
      change: unauthorized {
        $0.identity = .init(exitCode: 28, status: 0, message: "(28) timed out")
      }
    ),
    .init("API in trouble", "does not answer the host's question", "HTTP 503: slow down") {
      found,
      _ in
      found.node = .init(exitCode: 0, status: 503, message: "slow down")
      found.whoami = found.node
    },
    .init(
      "name, by the authorizer",
      "the cluster knows the host as b, and the kubelet registers \(name)",
      "HTTP 403",
      "--hostname-override"
    ) { found, _ in
      found.whoami = nil
      found.node = .init(
        exitCode: 0,
        status: 403,
        message:
          "nodes \"a\" is forbidden: User \"system:node:b\" cannot get resource \"nodes\" in API group"
          + " \"\" at the cluster scope: node 'b' cannot read 'a', only its own Node object"
      )
    },
    .init(
      "name, by the kubelet's log",
      "knows the host as \(name), and the kubelet registers worker-1",
      "cannot modify node"
    ) { found, _ in
      found.node = .init(exitCode: 0, status: 404, message: "nodes \"\(name)\" not found")
      found.kubelet.log = [
        "I0528 kubelet_node_status.go:82] Attempting to register node worker-1",
        "E0528 kubelet_node_status.go:106] Unable to register node \"worker-1\" with API server: nodes"
          + " \"worker-1\" is forbidden: node \"\(name)\" cannot modify node \"worker-1\"",
      ]
    },
    .init("name of the spec", "registers b, and the spec calls the node \(name)", "name the host b")
    {
      found,
      _ in
      found.node = .init(exitCode: 0, status: 404)
      found.whoami?.message = user("system:node:b")
      found.kubelet.log = ["I0528 1 x.go:82] \"Attempting to register node\" node=\"b\""]
    },
    .init("no name", "knows the host as ,", "no private DNS name") { found, _ in
      found.node = .init(exitCode: 0, status: 403)
      found.whoami?.message = user("system:node:")
    },
    .init("no node", "takes the host for admin, which is no node", "EC2_LINUX") { found, _ in
      found.node = .init(exitCode: 0, status: 404)
      found.whoami?.message = user("admin")
    },
    .init("no groups", "does not let it read its node", "system:nodes") { found, _ in
      found.node = .init(exitCode: 0, status: 403, message: user("system:node:\(name)"))
    },
  ]

  // MARK: The node

  static let nodes: [BrokenLink] = [
    .init("kubelet is away", "kubelet.service is not on the host") { found, _ in
      found.node = .init(exitCode: 0, status: 404)
      found.kubelet.properties = ["LoadState": "not-found", "ActiveState": "inactive"]
    },
    .init(
      "kubelet fails",
      "kubelet.service does not stay up: it ended with exit code 1, 4 restarts",
      "misconfiguration: kubelet cgroup driver"
    ) { found, _ in
      found.node = .init(exitCode: 0, status: 404)
      found.kubelet.properties = [
        "LoadState": "loaded", "ActiveState": "activating", "NRestarts": "4", "ExecMainStatus": "1",
      ]
      found.kubelet.log = [
        "F0102 03:04:05 1 server.go:274] failed to run Kubelet: misconfiguration: kubelet cgroup driver",
        "goroutine 1 [running]:",
      ]
    },
    .init("not registered", "has not registered the node \(name)", "E0102 03:04 x.go:1] no") {
      found,
      _ in
      found.node = .init(exitCode: 0, status: 404)
      found.kubelet.log = ["E0102 03:04 x.go:1] no", "I0102 03:04 x.go:2] yes"]
    },
    .init("runtime", "crio.service is failed: it ended with exit code 1", "level=fatal msg=no") {
      found,
      expected in
      notReady("container runtime is down")(&found, &expected)
      found.runtime.properties = [
        "LoadState": "loaded", "ActiveState": "failed", "ExecMainStatus": "1",
      ]
      found.runtime.log = ["level=info", "level=fatal msg=no", "bye"]
    },
    .init(
      "PLEG",
      "container runtime does not answer",
      "3m6s ago",
      "journalctl -u crio.service",
      change: notReady(
        "PLEG is not healthy: pleg was last seen active 3m6s ago; threshold is 3m0s."
      )
    ),
    .init(
      "CNI",
      "pod network is not set up",
      "/etc/cni/net.d is empty",
      "aws-node",
      "AmazonEKS_CNI_Policy"
    ) {
      found,
      expected in
      notReady(
        "runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:docker: network"
          + " plugin is not ready: cni config uninitialized"
      )(&found, &expected)
      found.cniFiles = []
    },
    .init("CNI, no folder", "/etc/cni/net.d does not exist") { found, expected in
      notReady("Network plugin returns error: cni plugin not initialized")(&found, &expected)
      (found.cniFiles, found.hasCNIFolder) = ([], false)
    },
    .init(
      "CNI not taken",
      "/etc/cni/net.d has 10-aws.conflist",
      "restart crio.service",
      change: notReady("Network plugin returns error: cni plugin not initialized")
    ),
    .init(
      "silent kubelet",
      "its kubelet has stopped reporting",
      change: notReady("Kubelet stopped posting node status.", status: "Unknown")
    ),
    .init("no report", "its kubelet has not reported yet") { found, _ in
      found.node?.conditions = []
    },
    .init(
      "other reasons",
      "registered and NotReady: missing node capacity",
      change: notReady("missing node capacity for resources: ephemeral-storage")
    ),
  ]

  @Test("each broken link is found first", arguments: network + credentials + identities + nodes)
  func first(_ link: BrokenLink) throws {
    var (evidence, expected) = (Self.registered, Self.expected)
    link.change(&evidence, &expected)
    let findings = JoinDiagnosis.findings(evidence, expected)
    let first = try #require(findings.first)
    for words in link.says { #expect(first.description.contains(words), "\(first)") }
    #expect(findings.allSatisfy { $0.host == "one" && $0.remedy?.isEmpty == false })
  }

  @Test("a node that is Ready has no finding, whatever else is odd")
  func ready() {
    var evidence = Self.registered
    evidence.node?.conditions = [.init(type: "Ready", status: "True")]
    evidence.kubelet.log = ["E0102 1 x.go:1] Failed to pull image \"a\": no"]
    evidence.serverSkew = 100
    #expect(JoinDiagnosis.findings(evidence, Self.expected) == [])
  }

  @Test("what only follows is not repeated, what does not is told behind it")
  func order() {
    var (evidence, expected) = (Self.registered, Self.expected)
    Self.connection(7, "Connection refused", connected: false)(&evidence, &expected)
    #expect(JoinDiagnosis.findings(evidence, expected).count == 1)
    evidence.runtime.properties["ActiveState"] = "inactive"
    evidence.identity = .init(exitCode: 0, status: 403, code: "ExpiredToken")
    #expect(
      JoinDiagnosis.findings(evidence, expected).map { String($0.what.prefix(30)) } == [
        "the cluster's endpoint refuses", "the host's AWS credentials hav",
        "crio.service is inactive",
      ]
    )
  }

  @Test("pressure is told beside NotReady")
  func pressure() {
    var (evidence, expected) = (Self.registered, Self.expected)
    Self.notReady("x")(&evidence, &expected)
    evidence.node?.conditions.append(
      .init(type: "DiskPressure", status: "True", message: "kubelet has disk pressure")
    )
    let found = JoinDiagnosis.findings(evidence, expected)
    #expect(found.map(\.what).last == "the node is short of disk: DiskPressure" && found.count == 2)
  }

  @Test(
    "images that cannot be pulled are told with their registry",
    arguments: [
      (
        "E0102 1 kuberuntime_sandbox.go:70] \"Failed to create sandbox for pod\" err=\"rpc error: code = Unknown"
          + " desc = failed to get sandbox image \\\"registry.k8s.io/pause:3.5\\\": unable to pull image"
          + " \\\"registry.k8s.io/pause:3.5\\\": dial tcp: i/o timeout\"",
        "from registry.k8s.io: registry.k8s.io/pause:3.5, without which no pod starts",
        "another pause image"
      ),
      (
        "E0102 1 remote_image.go:236] \"PullImage from image service failed\" err=\"rpc error: 403 Forbidden\""
          + " image=\"602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni:v1.11\"",
        "from 602401143452.dkr.ecr.us-west-2.amazonaws.com: ", "AmazonEC2ContainerRegistryReadOnly"
      ),
      (
        "E0102 1 pod_workers.go:190] Error syncing pod: failed to \"StartContainer\" for \"web\" with"
          + " ImagePullBackOff: \"Back-off pulling image \\\"nginx:nope\\\"\"",
        "from docker.io: nginx:nope", "reaches the registry"
      ),
    ]
  )
  func images(_ line: String, _ what: String, _ remedy: String) throws {
    var evidence = Self.registered
    evidence.kubelet.log = ["I0102 x", line, line.replacing("failed", with: "failed"), "I0102 y"]
    let found = JoinDiagnosis.findings(evidence, Self.expected)
    #expect(found.count == 2, "\(found)")
    #expect(found.last?.what.contains(what) == true, "\(found)")
    #expect(found.last?.remedy?.contains(remedy) == true && found.last?.why == line)
  }

  @Test(
    "callers of AWS",
    arguments: [
      ("arn:aws:sts::1:assumed-role/a/b", "arn:aws:iam::1:role/a"),
      ("arn:aws-us-gov:sts::1:assumed-role/a+b/c@d", "arn:aws-us-gov:iam::1:role/a+b"),
      ("arn:aws:iam::1:user/a", nil), ("arn:aws:iam::1:root", nil),
      ("arn:aws:sts::1:assumed-role/a$(x)/b", nil), ("arn:aws:sts::1:assumed-role/a", nil),
      ("arn:aws:s3:::bucket", nil), ("arn:aws:sts::1:assumed-role/a\n/b", nil), ("", nil),
    ] as [(String, String?)]
  )
  func callers(_ text: String, _ role: String?) {
    let caller = CallerARN(text)
    #expect(caller?.roleARN == role)
    if let caller { #expect(caller.description == text) }
  }
}

extension BrokenLink {
  typealias Change = @Sendable (inout JoinEvidence, inout JoinExpectations) -> Void
}
