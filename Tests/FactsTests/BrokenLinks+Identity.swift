// SPDX-License-Identifier: Apache-2.0

import Values

@testable import Facts

extension JoinDiagnosisTests {
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
}
