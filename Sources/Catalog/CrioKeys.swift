// SPDX-License-Identifier: Apache-2.0

extension SpanTable {
  /// Keys of CRI-O's crio.conf in the form of `SpanTable`, without the leading `crio.`;
  /// `runtime.runtimes.KEY` stands for a key of each runtime's table.
  static let crioKeys = Self(
    """
    api.listen -
    api.stream_address -
    api.stream_port -
    image.default_transport -
    image.image_volumes -
    image.insecure_registries -
    image.pause_command -
    image.pause_image -
    image.registries -1.20 !1.21 # pkg/config/config.go of 1.21: without effect from then
    image.short_name_mode 1.34- # docs/crio.conf.5.md of 1.34
    image.signature_policy -
    image.signature_policy_dir 1.28-
    log_dir -
    network.cni_default_network 1.18-
    network.network_dir -
    network.plugin_dir -
    network.plugin_dirs 1.15-
    root -
    runroot -
    runtime.additional_devices 1.13-
    runtime.apparmor_profile -
    runtime.cgroup_manager -
    runtime.conmon - !1.24
    runtime.conmon_cgroup 1.15- !1.24
    runtime.conmon_env - !1.24
    runtime.default_capabilities 1.11-
    runtime.default_mounts -1.19
    runtime.default_mounts_file 1.11-
    runtime.default_runtime 1.12-
    runtime.default_sysctls 1.12-
    runtime.default_ulimits 1.12-
    runtime.default_workload_trust -1.13 !1.12
    runtime.gid_mappings 1.11-
    runtime.hooks_dir 1.13-
    runtime.hooks_dir_path -1.11 # lib/config.go of 1.12.10: hooks_dir in its place
    runtime.hostnetwork_disable_selinux 1.27-
    runtime.log_level 1.12-
    runtime.log_size_max -
    runtime.manage_network_ns_lifecycle -1.18
    runtime.manage_ns_lifecycle 1.17-1.20
    runtime.no_pivot -
    runtime.pids_limit - !1.24
    runtime.read_only 1.11-
    runtime.runtime -1.13 !1.12
    runtime.runtime_untrusted_workload -1.13 !1.12
    runtime.runtimes 1.12-
    runtime.runtimes.allowed_annotations 1.20-
    runtime.runtimes.inherit_default_runtime 1.32-
    runtime.runtimes.monitor_cgroup 1.24-
    runtime.runtimes.monitor_env 1.24-
    runtime.runtimes.monitor_path 1.24-
    runtime.runtimes.privileged_without_host_devices 1.17-
    runtime.runtimes.runtime_config_path 1.22-
    runtime.runtimes.runtime_path 1.12-
    runtime.runtimes.runtime_root 1.15-
    runtime.runtimes.runtime_type 1.14-
    runtime.seccomp_profile -
    runtime.seccomp_use_default_when_empty 1.20-1.29
    runtime.selinux -
    runtime.uid_mappings 1.11-
    storage_driver -
    storage_option -
    """,
    source: "toml tags of cri-o/cri-o, tags v1.11.0 to v1.36.0"
  )
}
