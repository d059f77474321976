// SPDX-License-Identifier: Apache-2.0

extension Probe {
  /// Folders that runtimes keep layers of images in.
  static let storageFolders = [
    "/var/lib/containerd", "/var/lib/containers/storage", "/var/lib/docker",
  ]

  /// Whether overlays can work there.
  ///
  /// The superblock says it, in version 5 by the first bit at 216 (fs/xfs/libxfs/xfs_format.h:
  /// XFS_SB_FEAT_INCOMPAT_FTYPE) and in version 4 by a bit of the word at 200 (XFS_SB_VERSION2_FTYPE). To try an
  /// overlay would write to the host, and kernels mount one all the same: removed files then come back.
  static let storageFunctions = """
    file_types() {
      for folder in \(storageFolders.joined(separator: " ")); do
        place=$folder
        while [ ! -e "$place" ]; do place=${place%/*}; done
        df -P "${place:-/}" 2>/dev/null | {
          read -r _
          read -r device _ _ _ _ point
          lacks_file_types "$device" "$point" || exit 0
          # Docker sees to it by itself, and takes another driver.
          [ "$folder" != /var/lib/docker ] || docker_overlays || exit 0
          printf 'no-file-types %s\\n' "$folder"
        }
      done
    }

    # docker_overlays: fails where a Docker runs that has another driver.
    docker_overlays() {
      command -v docker >/dev/null 2>&1 || return 0
      [ "$(systemctl is-active docker.service 2>/dev/null)" = active ] || return 0
      case $(docker info -f '{{.Driver}}' 2>/dev/null) in
        overlay* | '') return 0 ;;
      esac
      return 1
    }

    # lacks_file_types DEVICE MOUNT-POINT
    lacks_file_types() {
      [ "$(mounted_at "$2" type)" = 'type xfs' ] || return 1
      # shellcheck disable=SC2046 # bytes
      set -- "$1" "$2" $(od -An -v -tu1 -N 220 "$1" 2>/dev/null)
      # XFSB, and the version in the last four bits of two bytes.
      if [ "$#" = 222 ] && [ "$3 $4 $5 $6" = '88 70 83 66' ]; then
        shift 2
        version=$(($(byte 101 "$@") & 15))
        [ "$version" != 5 ] || return $(($(byte 219 "$@") & 1))
        return $((($(byte 202 "$@") >> 1) & 1))
      fi
      case $(xfs_info "$2" 2>/dev/null) in
        *ftype=0*) return 0 ;;
      esac
      return 1
    }

    # byte NUMBER BYTE...
    byte() {
      shift "$(($1 + 1))"
      printf '%s' "$1"
    }
    """
}
