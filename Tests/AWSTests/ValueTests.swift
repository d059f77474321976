// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import AWS

/// The small values: dates, regions, endpoints, proxies.
struct ValueTests {
  @Test(
    "RFC 3339",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2015-08-30T12:36:00Z", 1_440_938_160),
      ("2024-02-29T23:59:59Z", 1_709_251_199), ("2100-03-01T00:00:00Z", 4_107_542_400),
      ("2000-12-31T00:00:00Z", 978_220_800), ("2015-08-30T14:36:00+02:00", 1_440_938_160),
      ("2015-08-30T12:36:00.123456Z", 1_440_938_160),
    ] as [(String, Int64)]
  )
  func dates(_ text: String, _ seconds: Int64) throws {
    let date = try #require(Timestamp(rfc3339: text))
    #expect(date.seconds == seconds)
    #expect(Timestamp(rfc3339: date.description) == date)
  }

  @Test(
    "what is no date",
    arguments: [
      "", "2015", "2015-08-30", "2015-13-01T00:00:00Z", "2015-08-30T25:00:00Z",
      "2015-08-30T12:36:00", "2015-08-30T12:36:00Zx", "-015-08-30T12:36:00Z",
      "２015-08-30T12:36:00Z",
    ]
  )
  func noDates(_ text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test("the date of a header")
  func headerDate() {
    #expect(Timestamp(httpDate: "Wed, 21 Oct 2015 07:28:00 GMT")?.seconds == 1_445_412_480)
    #expect(Timestamp(httpDate: "Wed, 21 Okt 2015 07:28:00 GMT") == nil)
    #expect(Timestamp(seconds: 1_440_938_160).basic == "20150830T123600Z")
  }

  @Test(
    "the region of a zone",
    arguments: [
      ("us-east-1a", "us-east-1"), ("us-west-2-lax-1a", "us-west-2"),
      ("us-east-1-wl1-bos-wlz-1", "us-east-1"), ("us-gov-west-1b", "us-gov-west-1"),
      ("cn-north-1a", "cn-north-1"), ("ap-southeast-2-akl-1a", "ap-southeast-2"),
      ("us-west-2-las-1a", "us-west-2"), ("ap-southeast-3c", "ap-southeast-3"),
    ]
  )
  func zones(_ zone: String, _ region: String) {
    #expect(Region(ofZone: zone)?.name == region)
  }

  @Test(
    "what is no region",
    arguments: [
      "", "us", "us-west-2a", "us-west-2/..", "US-WEST-2", "us--2", "evil.com#-a-1", "us-west-2\n",
    ]
  )
  func noRegions(_ name: String) {
    #expect(Region(name) == nil)
  }

  @Test(
    "endpoints by partition and environment",
    arguments: [
      (Service.eks, "us-west-2", [:], "https://eks.us-west-2.amazonaws.com"),
      (.sts, "cn-north-1", [:], "https://sts.cn-north-1.amazonaws.com.cn"),
      (.ec2, "us-gov-east-1", [:], "https://ec2.us-gov-east-1.amazonaws.com"),
      (.eks, "us-west-2", ["AWS_ENDPOINT_URL": "http://[::1]:5000/"], "http://[::1]:5000"),
      (
        .eks, "us-west-2",
        ["AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_EKS": "https://b:443/p/"], "https://b/p"
      ),
      (
        .ec2, "us-west-2", ["AWS_ENDPOINT_URL_EKS": "http://b"],
        "https://ec2.us-west-2.amazonaws.com"
      ),
      (
        .eks, "us-west-2",
        ["AWS_ENDPOINT_URL": "http://a", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"],
        "https://eks.us-west-2.amazonaws.com"
      ),
    ] as [(Service, String, [String: String], String)]
  )
  func endpoints(
    _ service: Service,
    _ region: String,
    _ environment: [String: String],
    _ expected: String
  ) throws {
    let region = try #require(Region(region))
    #expect(service.endpoint(in: region, environment: environment)?.description == expected)
  }

  @Test(
    "what is no endpoint",
    arguments: [
      "", "eks", "ftp://a", "http://", "http://u:p@h", "http://h:0", "http://h:99999", "http://h?x",
      "http://h/a b", "http://h#f", "http://[::1", "http://h h", "http://h\r\nX: y",
    ]
  )
  func noEndpoints(_ text: String) {
    #expect(Endpoint(text) == nil)
  }

  @Test(
    "which requests go through the proxy",
    arguments: [
      ([:], "https://a.example.com", nil),
      (["HTTPS_PROXY": "http://p:3128"], "https://a.example.com", "http://p:3128"),
      (["https_proxy": "p:3128"], "https://a.example.com", "http://p:3128"),
      (["HTTPS_PROXY": "http://p:3128"], "http://a.example.com", nil),
      (["HTTP_PROXY": "http://p:3128"], "http://a.example.com", nil),
      (["http_proxy": "http://p:3128"], "http://a.example.com", "http://p:3128"),
      (["http_proxy": "http://p:3128"], "http://169.254.169.254", nil),
      (["http_proxy": "http://p:3128"], "http://127.0.0.1:5000", nil),
      (
        ["HTTPS_PROXY": "http://p:1", "NO_PROXY": "b.com,.example.com"], "https://a.example.com",
        nil
      ),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.com"], "https://a.example.com", nil),
      (
        ["HTTPS_PROXY": "http://p:1", "NO_PROXY": "ample.com"], "https://a.example.com",
        "http://p:1"
      ),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"], "https://10.1.2.3", nil),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"], "https://11.1.2.3", "http://p:1"),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.com:8443"], "https://a.com", "http://p:1"),
      (["HTTPS_PROXY": "http://p:1", "no_proxy": "a.com:443"], "https://a.com", nil),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"], "https://a.com", nil),
    ] as [([String: String], String, String?)]
  )
  func proxies(_ environment: [String: String], _ url: String, _ expected: String?) throws {
    let endpoint = try #require(Endpoint(url))
    let settings = try ProxySettings(environment: environment)
    #expect(settings.proxy(for: endpoint)?.description == expected)
  }

  @Test("a proxy with a password is refused without showing it")
  func proxyPassword() throws {
    let failure = #expect(throws: Failure.self) {
      try ProxySettings(environment: ["HTTPS_PROXY": "http://user:hunter2@p:1"])
    }
    #expect(failure?.description.contains("hunter2") == false)
  }

  @Test(
    "command lines",
    arguments: [
      ("a b  c", ["a", "b", "c"]), ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
      (#"a\ b "c\"d" 'e\f'"#, ["a b", "c\"d", #"e\f"#]), ("''", [""]), ("", []), ("'a", nil),
      ("a \\", nil),
    ] as [(String, [String]?)]
  )
  func words(_ text: String, _ expected: [String]?) {
    #expect(CommandLineWords.split(text) == expected)
  }
}
