#!/bin/sh
# Looks at one host and prints what it found as one JSON object. It only reads, and needs neither Python nor root.
# Arguments are NAME=VALUE: PROBE_ROOT (a tree to look at instead of /), PROBE_API_SECONDS, PROBE_PRIVILEGE and PROBE_WHY.
# Secrets stay here: of configuration files only known harmless options leave the host, of the token a hash.
# Whatever bytes its files hold, the answer is one JSON object: text is quoted, and what should be a number is one or is left out.

facts_as_json() {
  # In the place of the pipe's own shell: on a busy machine each process less is felt.
  exec awk '
    function quoted(s) {
      gsub(/\\/, "&&", s); gsub(/"/, "\\\\&", s); gsub(/\t/, "\\t", s); gsub(/[\001-\037]/, " ", s)
      return "\"" s "\""
    }
    function add(list, item) { out[list] = out[list] (out[list] == "" ? "" : ",\n") item }
    function unknown(fact, why) { add("unknown", "{\"fact\":" quoted(fact) ",\"why\":" quoted(why) "}") }
    function ids(s,  n, i, part, text) {
      n = split(s, part, /[ \t]+/)
      for (i = 1; i <= n; i++) if (number(part[i]) != "") text = text (text == "" ? "" : ",") number(part[i])
      return "[" text "]"
    }
    function optional(s) { return s == "" ? "null" : quoted(s) }
    # As JSON writes numbers, and no longer than what JavaScript keeps exactly; else nothing. A sum would be rounded by some awks.
    function number(s) {
      if (s !~ /^-?[0-9]+$/ || length(s) > 15) return ""
      sub(/^0+/, "", s); sub(/^-0+/, "-", s)
      return s == "" || s == "-" ? "0" : s
    }
    function listed(s,  n, i, part, text) {
      n = split(s, part, ":")
      for (i = 1; i <= n; i++) if (part[i] ~ /^\//) text = text (text == "" ? "" : ",") quoted(part[i])
      return text
    }
    function orNull(s) { return s == "" ? "null" : s }
    # Sets VIEW and PATH: the mount namespace a path belongs to ("host" or a process id), and the path as seen inside it.
    function locate(full,  rest) {
      PATH = substr(full, length(ROOT) + 1); VIEW = "host"
      if (match(PATH, /^\/proc\/[0-9]+\/root\//)) {
        VIEW = substr(PATH, 7, RLENGTH - 12); PATH = substr(PATH, RLENGTH)
      }
    }
    function placed(full) { locate(full); return "\"view\":" quoted(VIEW) ",\"path\":" quoted(PATH) }

    function process(pid, name, view, argv,  file, line, state, uid, gid, groups, part, n, i, text, start) {
      file = ROOT "/proc/" pid "/status"; groups = "null"; uid = gid = "null"
      while ((getline line < file) > 0) {
        n = split(line, part, /[ \t]+/)
        if (part[1] == "State:") state = part[2]
        else if (part[1] == "Uid:") uid = orNull(number(part[3]))
        else if (part[1] == "Gid:") gid = orNull(number(part[3]))
        else if (part[1] == "Groups:") { sub(/^Groups:/, "", line); groups = ids(line) }
      }
      close(file)
      file = ROOT "/proc/" pid "/stat"; start = "null"
      if ((getline line < file) > 0) {
        sub(/^.*\) /, "", line); split(line, part, " ")
        if (number(BOOT) != "" && number(part[20]) != "") start = sprintf("%.2f", BOOT + part[20] / 100)
      }
      close(file)
      n = split(argv, part, "\036")
      for (i = 1; i <= n; i++) if (i < n || part[i] != "") text = text (i > 1 ? "," : "") quoted(part[i])
      if (name ~ /^(cinder-volume|nova-compute|glance-api)$/) { RUNS_AS[view, uid]; VIEW_OF[pid] = view }
      if (number(pid) != "") add("processes", "{\"pid\":" number(pid) ",\"name\":" quoted(name) ",\"view\":" quoted(view) ",\"argv\":[" text "],\"cwd\":" optional(CWD[pid]) ",\"unit\":" optional(UNIT[pid]) ",\"imports\":[" listed(IMPORTS[pid]) "],\"state\":" \
        optional(state) ",\"startedAt\":" start ",\"uid\":" uid ",\"gid\":" gid ",\"groups\":" groups "}")
    }

    # True when there is nothing to read: the file is damaged, or larger than any that a person or a tool has written.
    function passedOver(full) {
      if (full in DAMAGED) return 1
      if (number(SIZE[full]) == "" || SIZE[full] + 0 <= MOST) return 0
      locate(full)
      add("oversized", "{" placed(full) ",\"size\":" number(SIZE[full]) ",\"most\":" MOST "}")
      return 1
    }

    # Options that others name as $name, ${name} or $group.name: what these stand for is as harmless as they are.
    function mentions(full,  line, key, value) {
      if (full in DAMAGED || SIZE[full] + 0 > MOST) return
      while ((getline line < full) > 0) {
        if (line !~ /^[^#;[ \t][^=:]*[=:].*[$]/) continue
        match(line, /[=:]/); key = trimmed(substr(line, 1, RSTART - 1)); value = substr(line, RSTART + 1)
        while (match(value, /[$][{]?[A-Za-z_][A-Za-z0-9._]*/)) {
          line = substr(value, RSTART, RLENGTH); value = substr(value, RSTART + RLENGTH)
          sub(/^[$][{]?/, "", line); sub(/^.*[.]/, "", line)
          if (line !~ /pass|secret|token|key|connection|url|cred|auth/) NAMES[key] = NAMES[key] " " line
        }
      }
      close(full)
    }
    function harmless(key,  name, part, n, i, more) {
      if (!SETTLED++) {
        do {
          more = 0
          for (name in NAMES) {
            if (name !~ HARMLESS && !(name in NAMED)) continue
            n = split(NAMES[name], part, " ")
            for (i = 1; i <= n; i++) if (!(part[i] in NAMED)) { NAMED[part[i]]; more = 1 }
          }
        } while (more)
      }
      return key ~ HARMLESS || key in NAMED
    }

    # What rules need: headings, harmless options, and what is neither. Of all other options not even the name, however many there are.
    function configuration(full,  line, at, key, list, got, shown, hiddenAt, headed) {
      if (passedOver(full)) return
      while ((got = (getline line < full)) > 0) {
        at++
        sub(/\r$/, "", line)
        # An indented comment is none: oslo.config takes it for the continuation of a value.
        if (line ~ /^[#;]/ || trimmed(line) == "") continue
        if (line ~ /^[ \t]/) {
          if (at == hiddenAt) { hiddenAt++; continue }
          if (!shown) line = " ***"
        } else if (line ~ /^\[/) { shown = 0; headed = 1 }
        else if (line !~ /[=:]/) { shown = 0; line = line ~ /^(<<<<<<<|>>>>>>>)/ ? substr(line, 1, 7) : "***" }
        else {
          match(line, /[=:]/); key = trimmed(substr(line, 1, RSTART - 1))
          shown = harmless(key)
          # A misspelt option of StorPool, by its name alone.
          if (!shown && headed && key ~ /^[Ss]t?[ore]*[-_]?[Pp]o*l/) { list = list (list == "" ? "" : ",") "[" at "," quoted(key "=***") "]"; hiddenAt = at + 1; continue }
          if (!shown && headed && key != "") { hiddenAt = at + 1; continue }
          if (!shown) line = key == "" ? (line ~ /^=======/ ? "=======" : "=") : "***="
        }
        list = list (list == "" ? "" : ",") "[" at "," quoted(line) "]"
      }
      close(full); locate(full)
      if (got < 0) { unknown("configuration " PATH, "cannot be read by this user"); return }
      add("configurations", "{" placed(full) ",\"lines\":[" list "]}")
    }

    # As a file that is read last: what oslo.config finds in the environment of a service wins over its files (oslo_config/sources/_environment.py).
    function variables(pid, all,  n, i, part, key, list, at) {
      n = split(all, part, "\036")
      for (i = 1; i <= n; i++) {
        if (part[i] !~ /^OS_[A-Z0-9_]+__[A-Z0-9_]+=/) continue
        match(part[i], /=/); key = substr(part[i], 4, RSTART - 4)
        match(key, /__/)
        if (!harmless(tolower(substr(key, RSTART + 2)))) continue
        list = list (list == "" ? "" : ",") "[" (++at) "," quoted("[" substr(key, 1, RSTART - 1) "]") "],[" (++at) "," \
          quoted(tolower(substr(key, RSTART + 2)) "=" substr(part[i], index(part[i], "=") + 1)) "]"
      }
      if (list != "" && number(pid) != "") add("configurations", "{\"view\":" quoted(VIEW_OF[pid]) ",\"path\":" quoted("/proc/" pid "/environ") ",\"lines\":[" list "]}")
    }

    # Of a value that must stay here: what readers stumble over, and *** for all else.
    function shape(s,  out, tail) {
      if (s ~ /\\$/) { tail = "\\"; s = substr(s, 1, length(s) - 1) }
      while (s != "") {
        if (match(s, /^%%/) || match(s, /^%\(SP_[A-Z0-9_]+\)s/) || match(s, /^%/)) out = out substr(s, 1, RLENGTH)
        else { match(s, /^[^%]+/); out = out "***" }
        s = substr(s, RLENGTH + 1)
      }
      return out tail
    }
    function blanked(s) { return s ~ /[^ \t][ \t]+[^ \t]/ ? "*** ***" : s == "" ? "" : "***" }
    # Blanks as Python takes them away, of which people paste the no-break space.
    function trimmed(s,  before) {
      do {
        before = s
        sub(/^[ \t\r]+/, "", s); sub(/[ \t\r]+$/, "", s)
        if (index(s, NBSP) == 1) s = substr(s, length(NBSP) + 1)
        if (length(s) >= length(NBSP) && substr(s, length(s) - length(NBSP) + 1) == NBSP) s = substr(s, 1, length(s) - length(NBSP))
      } while (s != before)
      return s
    }

    # All lines, since every one matters to one of its readers; of what is not known to be harmless only the form.
    function storpoolLine(line,  indent, key, delimiter, value, i) {
      if (line ~ /^[ \t]*[#;]/) return line ~ /\\$/ ? "#***\\" : "#"
      if (line ~ /^[ \t]*(\[.*)?$/) return line
      match(line, /^[ \t]*/); indent = substr(line, 1, RLENGTH); line = substr(line, RLENGTH + 1)
      if (line ~ /^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)/) return indent substr(line, 1, 7)
      if (!match(line, /[=:]/)) return indent (trimmed(line) ~ HARMLESS ? line : blanked(line) (line ~ /\\$/ ? "\\" : ""))
      key = substr(line, 1, RSTART - 1); delimiter = substr(line, RSTART, 1); value = substr(line, RSTART + 1)
      if (trimmed(key) ~ HARMLESS) return indent line
      if (delimiter == ":" && (i = index(value, "="))) { delimiter = ":" (value ~ /^[ \t]/ ? " " : "") blanked(substr(value, 1, i - 1)) "="; value = substr(value, i + 1) }
      return indent (trimmed(key) ~ /^SP_[A-Z0-9_]+$/ ? key : blanked(key)) delimiter shape(value)
    }
    function storpool(full,  line, at, list, got) {
      if (passedOver(full)) return
      while ((got = (getline line < full)) > 0) {
        sub(/\r$/, "", line)
        list = list (at++ ? "," : "") "[" at "," quoted(storpoolLine(line)) "]"
      }
      close(full); locate(full)
      if (got < 0) { unknown("configuration " PATH, "cannot be read by this user"); return }
      add("configurations", "{" placed(full) ",\"lines\":[" list "]}")
    }

    # The few lines that tell one driver file from another.
    function marks(full,  line, list, count) {
      if (passedOver(full)) return
      while ((getline line < full) > 0)
        if (line ~ /^class |^ *VERSION *=|spopenstack|storpool_utils|[Ss]tor[Pp]ool=|StorPool[A-Za-z]*Driver|SUPPORTS_ACTIVE_ACTIVE *= *True|^VM_UUID_TAG *=|^ *conn_info\[.instance.\] *=/ && count < 12) {
          if (line ~ /^class / && line !~ /[Ss]tor[Pp]ool/) continue
          count++; sub(/^[ \t]+/, "", line); list = list (list == "" ? "" : ",") quoted(substr(line, 1, 120))
        }
      close(full)
      add("marks", "{" placed(full) ",\"lines\":[" list "]}")
    }

    function accounts(base, view,  file, line, part) {
      file = base "/etc/passwd"
      while (!(file in DAMAGED) && (getline line < file) > 0) account(line, view)
      close(file)
      file = base "/etc/group"
      while (!(file in DAMAGED) && (getline line < file) > 0) group(line, view)
      close(file)
    }
    function account(line, view,  part) {
      split(line, part, ":")
      if (part[1] !~ /^(root|cinder|nova|glance)$/ && !(part[3] in OWNER) && !((view, part[3]) in RUNS_AS) || (view, part[1]) in SEEN) return
      if (number(part[3]) == "" || number(part[4]) == "") return
      SEEN[view, part[1]] = 1
      if ((view, part[3]) in RUNS_AS) NAME[view, part[1]]
      add("users", "{\"view\":" quoted(view) ",\"name\":" quoted(part[1]) ",\"uid\":" number(part[3]) ",\"gid\":" number(part[4]) "}")
    }
    function group(line, view,  part, member, n, i, list, ours) {
      split(line, part, ":"); n = split(part[4], member, ",")
      for (i = 1; i <= n; i++) {
        list = list (i > 1 ? "," : "") quoted(member[i])
        if (member[i] ~ /^(cinder|nova|glance)$/ || (view, member[i]) in NAME) ours = 1
      }
      if (part[1] !~ /^(root|spopenstack|cinder|nova|glance|disk)$/ && !ours && !(part[3] in GROUP)) return
      if ((view, "group", part[1]) in SEEN || number(part[3]) == "") return
      SEEN[view, "group", part[1]] = 1
      add("groups", "{\"view\":" quoted(view) ",\"name\":" quoted(part[1]) ",\"gid\":" number(part[3]) ",\"members\":[" list "]}")
    }

    function database(full,  line, text, got) {
      if (passedOver(full)) return
      while ((got = (getline line < full)) > 0) text = text line "\n"
      close(full)
      if (got < 0) { locate(full); unknown("content of " PATH, "cannot be read by this user"); return }
      add("databases", "{" placed(full) ",\"text\":" quoted(text) "}")
    }

    # Of an editable installation, whose folder is called by the name alone.
    function versionIn(full,  line, count, version) {
      while (version == "" && count++ < 100 && (getline line < full) > 0) if (line ~ /^Version: *[0-9]/) { version = line; gsub(/^Version: *|[ \r]+$/, "", version) }
      close(full)
      return version
    }

    function lock(look, line,  part, waiting, at, n) {
      waiting = line ~ /->/ ? 1 : 0
      sub(/->/, "", line); n = split(line, part, " ")
      split(part[6], at, ":")
      if (part[2] != "FLOCK" && part[2] != "POSIX" || !(at[3] in DATABASE) || number(part[5]) == "") return
      add("locks", "{\"look\":" look ",\"path\":" quoted(DATABASE[at[3]]) ",\"pid\":" number(part[5]) ",\"waiting\":" \
        (waiting ? "true" : "false") "}")
    }

    BEGIN {
      FS = "\037"; ROOT = ENVIRON["PROBE_ROOT"]; MOST = ENVIRON["PROBE_MOST"]; NBSP = ENVIRON["PROBE_NBSP"]
      HARMLESS = "^(enabled_backends|volume_backend|volume_driver|volume_drivers|volume_backend_name|backend_host|host" \
        "|storpool_(template|replication|qos_class|template_to_qos_transition|iscsi_[a-z_]+)|iscsi_cinder_volume" \
        "|report_discard_supported|enable_unsupported_driver|default_volume_type|image_conversion_dir|image_conversion_disable|state_path|virt_type" \
        "|compute_driver|volume_use_multipath|hw_disk_discard|cross_az_attach|stores|default_store|default_backend|cluster|disk_cachemodes" \
        "|os_region_name|send_service_user_token|scheduler_default_filters" \
        "|SP_(OURID|API_HTTP_HOST|API_HTTP_PORT|OPENSTACK_VOLUME_PREFIX|CLUSTER_ID|CLUSTER_NAME|EXPECTED_NODES))$"
      file = ROOT "/proc/stat"
      while ((getline line < file) > 0) if (line ~ /^btime /) BOOT = substr(line, 7)
      close(file)
    }
    $1 == "fact" { fact[$2] = $3; next }
    $1 == "unknown" { unknown($2, $3); next }
    $1 == "cwd" { CWD[$2] = $3; next }
    $1 == "unit" { UNIT[$2] = $3; next }
    $1 == "imports" { IMPORTS[$2] = IMPORTS[$2] ":" $3; next }
    $1 == "variables" { variables($2, $3); next }
    $1 == "process" { process($2, $3, $4, $5); next }
    $1 == "view" { view[++views] = $2; base[$2] = $3; next }
    $1 == "container" { if (number($2) != "") add("containers", "{\"view\":" quoted($2) ",\"engine\":" optional($3) "}"); next }
    $1 == "shared" { add("shared", "{" placed($2) ",\"state\":" quoted($3) "}"); next }
    $1 == "damaged" { DAMAGED[$2]; add("damaged", "{" placed($2) ",\"how\":" quoted($3) "}"); next }
    $1 == "stat" {
      target = ""
      # A name with a line end in it is cut.
      if (number($5) == "" || number($6) == "" || number($7) == "" || number($8) == "") next
      SIZE[$2] = $8
      if ((i = index($10, " -> ")) > 0) target = substr($10, i + 5, length($10) - i - 5)
      locate($2)
      if (PATH ~ /^\/proc\/[0-9]+\/exe$/) {
        sub(/ \(deleted\)$/, "", target)
        i = number(substr(PATH, 7, length(PATH) - 10))
        if (i != "") add("executables", "{\"pid\":" i ",\"path\":" quoted(target) "}")
        next
      }
      add("files", "{" placed($2) ",\"kind\":" quoted($3) ",\"mode\":" quoted($4) ",\"uid\":" number($5) ",\"gid\":" number($6) \
        ",\"modifiedAt\":" number($7) ",\"size\":" number($8) ($3 == "symbolic link" ? ",\"target\":" quoted(target) : "") ($2 in ACL ? ",\"acl\":true" : "") "}")
      if (PATH ~ /openstack-storpool/) { OWNER[$5]; GROUP[$6]; if (PATH ~ /openstack-attach.json$/) { DATABASE[$9] = PATH; database($2) } }
      next
    }
    # A plus after the mode, as ls writes it for a file with an access control list.
    /^[-bcdlps][-r][-w].......[+. ]/ { if (substr($0, 11, 1) == "+" && (i = index($0, " /"))) ACL[substr($0, i + 1)]; next }
    $1 == "distribution" { locate($2); n = split(PATH, part, "/"); item = part[n]; sub("/[^/]*$", "", PATH)
      sub(/\.(dist|egg)-info$/, "", item); sub(/-py[0-9.]+$/, "", item); i = match(item, /-[^-]*$/)
      if (i == 0) { version = versionIn($2 "/PKG-INFO"); i = length(item) + 1 } else version = substr(item, i + 1)
      if (version != "") add("distributions", "{\"view\":" quoted(VIEW) ",\"directory\":" quoted(PATH) ",\"name\":" \
        quoted(substr(item, 1, i - 1)) ",\"version\":" quoted(version) "}")
      next }
    $1 == "directory" { add("directories", "{" placed($2) "}"); next }
    $1 == "linked" { locate($2); item = PATH; add("linked", "{" placed($3) ",\"from\":" quoted(item) ",\"by\":" quoted($4) "}"); next }
    $1 == "open" { add("openVenvs", "{" placed($2) "}"); next }
    $1 == "service tool" { add("serviceTools", "{\"pid\":" orNull(number($2)) ",\"name\":" quoted($3) ",\"path\":" optional($4) "}"); next }
    $1 == "mentions" { if ($2 !~ /\/etc\/storpool\.conf/) mentions($2); next }
    $1 == "undecodable" { if (number($3) != "") add("undecodable", "{" placed($2) ",\"line\":" number($3) "}"); next }
    $1 == "configuration" { if ($2 ~ /\/etc\/storpool\.conf/) storpool($2); else configuration($2); next }
    $1 == "driver" { marks($2); next }
    $1 == "tool" { locate($3); add("tools", "{\"view\":" quoted(VIEW) ",\"name\":" quoted($2) ",\"path\":" optional(PATH) "}"); next }
    $1 == "token" { if (number($2) != "") add("tokens", "{\"view\":" quoted($2) ",\"hash\":" optional(substr($3, 1, 16)) "}"); next }
    $1 == "lock" { lock($2, $3); next }
    $1 == "account" { account($2, "host"); next }
    $1 == "group" { group($2, "host"); next }
    $1 == "class" { locate($2); add("classes", "{" placed($2) ",\"sha256\":" quoted(substr($3, 1, 64)) "}"); next }
    $0 ~ /^[0-9a-f]+  -$/ { fact["tokenHash"] = substr($0, 1, 16); next }
    length($1) > 66 && substr($1, 65, 2) ~ /^ [ *]$/ { add("hashes", "{" placed(substr($0, 67)) ",\"sha256\":" quoted(substr($0, 1, 64)) "}"); next }
    END {
      for (i = 1; i <= views; i++) {
        accounts(base[view[i]], view[i])
        add("views", quoted(view[i]))
      }
      printf "{\"probe\":1,\"node\":%s,\"boot\":%s,\"privilege\":%s,\"clock\":%s", quoted(fact["node"]), optional(fact["boot"]), quoted(fact["privilege"]), quoted(fact["clock"])
      printf ",\"storpool\":{\"host\":%s,\"port\":%s,\"tokenHash\":%s,\"status\":%s,\"started\":%s,\"reply\":%s}", optional(fact["apiHost"]), \
        optional(fact["apiPort"]), optional(fact["apiToken"] == "" ? "" : fact["tokenHash"]), \
        orNull(number(fact["apiStatus"])), orNull(number(fact["apiStarted"])), optional(fact["apiReply"])
      split("views containers shared unknown damaged oversized undecodable processes executables files hashes classes directories linked openVenvs distributions marks configurations users groups databases locks tokens tools serviceTools", part, " ")
      for (i = 1; i in part; i++) printf ",\n\"%s\":[%s]", part[i], out[part[i]]
      print "}"
    }'
}

# The address and token that this node's storpool.conf gives: unnamed section, then the section of the node's name, over all files.
storpool_access() {
  awk -v node="$node" '
    /^[ \t]*([#;]|$)/ { next }
    FNR == 1 { section = "" }
    /^[ \t]*\[/ { section = $0; sub(/^[ \t]*\[[ \t]*/, "", section); sub(/[ \t]*\].*$/, "", section); next }
    (at = index($0, "=")) && (section == "" || section == node) {
      key = substr($0, 1, at - 1); value = substr($0, at + 1)
      gsub(/^[ \t]+|[ \t\r]+$/, "", key); gsub(/^[ \t]+|[ \t\r]+$/, "", value)
      if (section == "") general[key] = value; else own[key] = value
    }
    function effective(key) { return key in own ? own[key] : general[key] }
    END { print effective("SP_API_HTTP_HOST"); print effective("SP_API_HTTP_PORT"); print effective("SP_AUTH_TOKEN"); print "." }' "$@" 2>/dev/null
}

# Sets `api_host`, `api_port` and `token` by the files of one view.
find_access() {
  api_host= api_port= token=
  if [ -r "$1/etc/storpool.conf" ]; then
    base=$1
    set -- "$base/etc/storpool.conf"
    for item in "$base"/etc/storpool.conf.d/*.conf; do
      if [ -r "$item" ]; then
        set -- "$@" "$item"
      fi
    done
    # Not a here-document: some shells write those to a file.
    access=$(storpool_access "$@")
    api_host=${access%%"$nl"*}
    access=${access#*"$nl"}
    api_port=${access%%"$nl"*}
    token=${access#*"$nl"}
    token=${token%"$nl."}
  fi
}

# Of containers that have a storpool.conf of their own: whether there is a token in it, and which.
tokens_of_containers() {
  for pid in $containers; do
    item=$root/proc/$pid/root/etc/storpool.conf
    if [ -r "$item" ] && ! [ "$item" -ef "$root/etc/storpool.conf" ]; then
      find_access "$root/proc/$pid/root"
      printf '%s' "token$us$pid$us"
      if [ -n "$token" ]; then
        printf '%s' "$token" | sha256sum
      else
        echo
      fi
    fi
  done
}

# An IPv6 address as it stands in a URL.
bracketed() {
  case $1 in *:*) printf '[%s]' "$1" ;; *) printf '%s' "$1" ;; esac
}

# Asks StorPool's API as this host would. The request, which holds the token, goes through pipes, never through arguments.
ask_storpool() {
  seconds=${PROBE_API_SECONDS:-5}
  address=${api_host#"["}
  address=${address%"]"}
  request="GET /ctrl/1.0/ServicesList HTTP/1.0${cr}${nl}Host: $api_host${cr}${nl}Authorization: Storpool v1:$token${cr}${nl}Connection: close${cr}${nl}${cr}${nl}"
  if command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then
    # Without --norc bash reads ~/.bashrc when ssh started it, whatever that does.
    # shellcheck disable=SC2016
    printf '%s' "$request" | BASH_ENV='' timeout -k 1 "$seconds" bash --norc --noprofile -c '
      IFS= read -r -d "" request
      exec 3<>"/dev/tcp/$0/$1" || exit
      printf %s "$request" >&3
      IFS= read -r -N 600 reply <&3
      printf %s "$reply"' "$address" "$api_port" 2>&1
  elif command -v curl >/dev/null 2>&1; then
    printf 'header = "Authorization: Storpool v1:%s"\n' "$token" |
      curl -s -S -i -g -m "$seconds" -K - "http://$(bracketed "$address"):$api_port/ctrl/1.0/ServicesList" 2>&1
  elif command -v nc >/dev/null 2>&1; then
    printf '%s' "$request" | nc -w "$seconds" "$address" "$api_port" 2>&1
  else
    return 127
  fi
}

api() {
  printf '%s\n' "fact${us}apiHost${us}$api_host" "fact${us}apiPort${us}$api_port" "fact${us}apiToken${us}${token:+known}"
  if [ -z "$token" ]; then
    return
  fi
  case $api_host$api_port$token in
    *[!][A-Za-z0-9._:%+=-]*)
      printf '%s\n' "unknown${us}StorPool API from here${us}storpool.conf has an address or a token of a form that none has"
      return ;;
  esac
  reply=$(ask_storpool)
  case $? in
    127) printf '%s\n' "unknown${us}StorPool API from here${us}neither bash, curl nor nc is installed"; return ;;
    124 | 28 | 137) printf '%s\n' "fact${us}apiReply${us}no answer within ${PROBE_API_SECONDS:-5} s"; return ;;
  esac
  case $reply in
    *HTTP/1*)
      # Whatever the shell's own start-up files print comes first.
      reply=HTTP/1${reply#*HTTP/1}
      status=${reply#* }
      status=${status%%[!0-9]*}
      body=${reply#*"$nl$cr$nl"}
      printf '%s\n' "fact${us}apiStatus${us}$status"
      case $body in
        *'"error"'*) printf '%s' "fact${us}apiReply${us}$body" | tr '\n\r' '  '; echo ;;
        # Whose reply it is: services of two clusters were not started in the same second.
        *'"startTime":'*)
          body=${body#*'"startTime":'}
          body=${body#' '}
          # Of a number at the end of what was read the rest may be missing.
          case $body in [0-9]*[!0-9]*) printf '%s\n' "fact${us}apiStarted${us}${body%%[!0-9]*}" ;; esac ;;
      esac ;;
    *) printf '%s' "fact${us}apiReply${us}${reply:-closed without an answer}" | tr '\n\r' '  '; echo ;;
  esac
}

# One line per process of interest: pid, name, argv0 and arguments. Sets `pids`, `containers`, `settings` and `prefixes`.
sort_processes() {
  # The pattern is written so that it does not match its own command line.
  found=$(grep -aHE 'storpool_(beacon|block)|(cinder|nova|glance)(-|\.cmd\.)[a-z]' "$root"/proc/[0-9]*/cmdline 2>/dev/null | tr '\000\037' '\036 ')
  set -f
  IFS=$nl
  for line in $found; do
    case $line in */cmdline:*) ;; *) continue ;; esac
    pid=${line%%/cmdline:*}
    pid=${pid##*/}
    arguments=${line#*/cmdline:}
    first=${arguments%%"$rs"*}
    program=$first
    cwd=
    by_module=
    name=${first##*/}
    case $name in
      python*) name_of_script ;;
      uwsgi*) case $arguments in
          *cinder-api*) name=cinder-api ;;
          *nova-api*) name=nova-api ;;
          *glance-api*) name=glance-api ;;
        esac ;;
    esac
    name=${name%%[: ]*}
    # What uWSGI calls itself with --procname-prefix, as DevStack starts it.
    name=${name%uWSGI}
    case $name in
      storpool_beacon* | storpool_block* | cinder-* | nova-* | glance-api) ;;
      *) continue ;;
    esac
    view_of_process
    processes="$processes${nl}process$us$pid$us$name$us$view$us$arguments"
    pids="$pids $pid"
    case $name in
      cinder-volume | nova-compute | glance-api)
        services="$services $pid"
        read_group
        remember_settings ;;
    esac
  done
  read_environments
  set +f
  unset IFS
}

# The first argument of an interpreter that is no option of its own, as in `/usr/bin/python3 -s /usr/bin/nova-compute`. Sets `name`,
# `program` and, where Python also imports from where it was started, `by_module`.
name_of_script() {
  script=$arguments
  safe=
  while :; do
    case $script in *"$rs"*) script=${script#*"$rs"} ;; *) return ;; esac
    name=${script%%"$rs"*}
    # `python3 -m cinder.cmd.volume`
    case $name in
      cinder.cmd.* | nova.cmd.* | glance.cmd.*)
        name=${name%%.*}-${name##*.}
        by_module=${safe:-yes}
        return ;;
      -I* | -P* | -[a-zA-Z]*[IP]*) safe=no ;;
      -*) ;;
      *) program=$name; name=${name##*/}; return ;;
    esac
  done
}

# A process whose /etc is not the host's lives in a container; what it imports and reads is looked up there.
view_of_process() {
  view=host
  there=$root/proc/$pid/root/etc
  case $name in
    cinder-volume | nova-compute | glance-api) ;;
    storpool_*)
      # Of StorPool's only this is asked: whether it is the host's own, or that of a system container.
      if [ -d "$there" ] && ! [ "$there" -ef "$root/etc" ]; then
        view=$pid
      fi
      return ;;
    *) return ;;
  esac
  if [ ! -d "$there" ]; then
    notes="$notes${notes:+$nl}unknown${us}mount namespace of $name ($pid)${us}cannot be seen by this user"
  elif ! [ "$there" -ef "$root/etc" ]; then
    IFS=' '
    set +f
    for known in $containers; do
      if [ "$there" -ef "$root/proc/$known/root/etc" ]; then
        view=$known
      fi
    done
    set -f
    IFS=$nl
    if [ "$view" = host ]; then
      view=$pid
      containers="$containers $pid"
    fi
  fi
}

# Whose container a process is in, and which unit of systemd it is, as its control group is called.
read_group() {
  engine=
  unit=
  while IFS= read -r line; do
    case $line in
      *kubepods*) engine=kubernetes ;;
      *libpod* | *podman*) engine=podman ;;
      *docker*) engine=docker ;;
      *lxc*) engine=lxc ;;
    esac
    case $line in 0::*.service | *:name=systemd:*.service) unit=${line##*/} ;; esac
  done 2>/dev/null <"$root/proc/$pid/cgroup"
  if [ "$view" = "$pid" ]; then
    engines="$engines${nl}container$us$pid$us$engine"
  fi
  if [ -n "$unit" ]; then
    starts="$starts${nl}unit$us$pid$us$unit"
  fi
}

# Where a process was started: what it names without a slash at the beginning lies there.
note_cwd() {
  if [ -z "$cwd" ]; then
    cwd=$(readlink "$root/proc/$pid/cwd" 2>/dev/null)
    starts="$starts${nl}cwd$us$pid$us$cwd"
  fi
}

# Of what services were started with: where they import from besides, where they look for programs, and options of oslo.config's. All else stays in here.
read_environments() {
  set --
  IFS=' '
  set +f
  for pid in $services; do
    set -- "$@" "$root/proc/$pid/environ"
  done
  set -f
  IFS=$nl
  if [ $# = 0 ]; then
    return
  fi
  environments=$(grep -aHns -e PATH= -e OS_ "$@" | tr '\000\037' '\036 ')
  for line in $environments; do
    case $line in */environ:*) ;; *) continue ;; esac
    pid=${line%%/environ:*}
    pid=${pid##*/}
    line=${line#*/environ:}
    at=${line%%:*}
    line=$rs${line#*:}
    case $line in
      *"${rs}PYTHONPATH="*)
        value=${line#*"${rs}PYTHONPATH="}
        import_paths="$import_paths$nl$pid:${value%%"$rs"*}" ;;
    esac
    case $line in
      *"${rs}PATH="*)
        value=${line#*"${rs}PATH="}
        tool_paths="$tool_paths$nl$pid:${value%%"$rs"*}" ;;
    esac
    # What stands after a line's end may be the rest of any value, a password among them.
    case $at:$line in 1:*"${rs}OS_"*__*=*) variables="$variables${nl}variables$us$pid$us$line" ;; esac
  done
}

# What of the host a container sees.
note_shared() {
  for item in /dev /dev/storpool /dev/storpool-byid /var/spool/openstack-storpool; do
    if [ ! -d "$root$item" ]; then state=no-original
    elif [ ! -d "$base$item" ]; then state=absent
    elif [ "$base$item" -ef "$root$item" ]; then state=same
    else state=other
    fi
    shared="$shared${nl}shared$us$base$item$us$state"
  done
}

remember_settings() {
  base_of_view
  IFS=$rs
  previous=
  for argument in $arguments; do
    setting=$previous
    case $argument in --config-file=* | --config-dir=*) setting=yes ;; esac
    if [ -n "$setting" ]; then
      setting=$argument
      case $argument in --config-file=* | --config-dir=*) setting=${argument#*=} ;; esac
      case $setting in
        /*) settings="$settings$nl$base$setting" ;;
        ?*) note_cwd; settings="$settings$nl$base${cwd%/}/$setting" ;;
      esac
    fi
    previous=
    case $argument in --config-file | --config-dir) previous=yes ;; esac
  done
  IFS=$nl
  for item in "$first" "$program"; do
    case $item in
      /usr/bin/*) ;;
      /*/bin/*) prefixes="$prefixes$nl$base${item%/bin/*}" ;;
    esac
  done
  if [ "$by_module" = yes ]; then
    note_cwd
    import_paths="$import_paths$nl$pid:$cwd"
  fi
}

base_of_view() {
  base=$root
  if [ "$view" != host ]; then
    base=$root/proc/$view/root
  fi
}

# The root of what a process sees as a view has it, by the process that the view is called by.
base_of_process() {
  base=$root
  case "$processes$nl" in
    *"${nl}process$us$pid$us"*)
      view=${processes#*"${nl}process$us$pid$us"}
      view=${view#*"$us"}
      view=${view%%"$us"*}
      base_of_view ;;
  esac
}

# What PYTHONPATH names, and where `python -m` was started.
look_into_paths() {
  IFS=$nl
  set -f
  for line in $import_paths; do
    pid=${line%%:*}
    base_of_process
    IFS=:
    for item in ${line#*:}; do
      case $item in
        /*)
          item=${item%/}
          starts="$starts${nl}imports$us$pid$us$item"
          set +f
          look_into "$base$item"
          set -f ;;
      esac
    done
    IFS=$nl
  done
  set +f
  unset IFS
}

# The program that a service would call, by its own PATH and as it sees the files; rootwrap looks in the usual places. And the libvirt that it has loaded.
find_tools_of_services() {
  IFS=$nl
  set -f
  for line in $tool_paths; do
    pid=${line%%:*}
    # Without the right to look into processes of others nothing is there to be seen: that says nothing of what is installed.
    [ -d "$root/proc/$pid/root/." ] || continue
    found=
    IFS=:
    for place in ${line#*:} /usr/local/bin /usr/bin /bin /usr/local/sbin /usr/sbin /sbin; do
      if [ -z "$found" ] && [ -x "$root/proc/$pid/root$place/qemu-img" ]; then
        found=$place/qemu-img
      fi
    done
    tools="$tools${nl}service tool$us$pid${us}qemu-img$us$found"
    IFS=$nl
  done
  IFS=' '
  for pid in $services; do
    # By the version in the name of the file that it has loaded, which may be of a container, or upgraded since.
    found=$(grep -m 1 -o '/[^ ]*/libvirt\.so\.[0-9.]*' "$root/proc/$pid/maps" 2>/dev/null)
    tools="$tools${found:+${nl}service tool$us$pid${us}libvirt$us$found}"
  done
  set +f
  unset IFS
}

# Where else a directory lets Python import from: lines of its .pth files that are paths (Python's site.py), and what the finders map that
# setuptools writes for editable installations (setuptools/command/editable_wheel.py). A virtual environment may let in the system's, too.
follow_links() {
  links=
  IFS=$nl
  for directory in $directories; do
    for item in "$directory"/*.pth "$directory"/__editable___*_finder.py; do
      if [ -f "$item" ] && [ -r "$item" ]; then
        links="$links$nl$item"
      fi
    done
  done
  for item in $prefixes; do
    if [ -f "$item/pyvenv.cfg" ] && [ -r "$item/pyvenv.cfg" ]; then
      while read -r line; do
        case $line in include-system-site-packages*=*[Tt][Rr][Uu][Ee]*) opens="$opens${nl}open$us$item" ;; esac
      done <"$item/pyvenv.cfg"
    fi
  done
  if [ -n "$links" ]; then
    for line in $(leads_to $links); do
      directory=${line%%"$us"*}
      item=${directory#"$root"}
      base=$root
      case $item in
        /proc/[0-9]*/root/*)
          item=${item#/proc/}
          base=$root/proc/${item%%/*}/root ;;
      esac
      line=${line#*"$us"}
      by=${line%%"$us"*}
      line=${line#*"$us"}
      case $line in
        /*) item=$base$line ;;
        *) item=$directory/$line ;;
      esac
      if [ -d "$item" ]; then
        opens="$opens${nl}linked$us$directory$us$item$us$by"
        look_into "$item"
      fi
    done
  fi
  unset IFS
}

leads_to() {
  awk -v us="$us" -v quote="'" '
    function tell(path) {
      sub(/[ \t\r]+$/, "", path); sub(/\/+$/, "", path)
      if (path != "" && !((directory, path) in TOLD)) { TOLD[directory, path]; print directory us (isFinder ? "finder" : "path") us path }
    }
    FNR == 1 { directory = FILENAME; sub(/\/[^\/]*$/, "", directory); isFinder = FILENAME ~ /_finder\.py$/ }
    index($0, us) { next }
    isFinder {
      if (!/^MAPPING/) next
      n = split($0, part, quote)
      for (i = 2; i + 2 <= n; i += 4)
        if (part[i] ~ /^(cinder|nova|glance|os_brick|storpool)$/ && part[i + 2] ~ ("/" part[i] "$"))
          tell(substr(part[i + 2], 1, length(part[i + 2]) - length(part[i]) - 1))
      next
    }
    !/^(#|import[ \t])/ { tell($0) }' "$@" 2>/dev/null
}

# A directory that this user may not enter hides what is in it: that is not known, and not absent.
note_closed() {
  if [ -d "$2" ] && [ ! -x "$2" ]; then
    notes="$notes${notes:+$nl}unknown$us$1 $3${us}cannot be entered by this user"
  fi
}

note_file() {
  if [ -e "$1" ]; then
    files="$files$nl$1"
  fi
}

note_driver() {
  if [ -f "$1" ]; then
    files="$files$nl$1"
    drivers="$drivers$nl$1"
  fi
}

note_settings() {
  for setting in "$@"; do
    case "$configurations$nl" in *"$nl$setting$nl"*) continue ;; esac
    if [ -f "$setting" ]; then
      files="$files$nl$setting"
      configurations="$configurations$nl$setting"
    elif [ -d "$setting" ]; then
      note_settings "$setting"/*.conf
    fi
  done
}

# Where Cinder puts images before they are copied, or the folder in which it would make that.
look_at_conversion() {
  state=/var/lib/cinder
  # Other options first: what they say may name it.
  places=$(grep -HE '^state_path[ \t]*[=:]' $configurations /dev/null; grep -HE '^image_conversion_dir[ \t]*[=:]|^enabled_backends' $configurations /dev/null)
  for line in $places; do
    item=${line%%:*}
    base=$root
    case ${item#"$root"} in
      /proc/[0-9]*/root/*)
        base=${item#"$root/proc/"}
        base=$root/proc/${base%%/*}/root ;;
    esac
    line=${line#*:}
    item=${line#*[=:]}
    while :; do case $item in [\ \	]*) item=${item#?} ;; *) break ;; esac; done
    item=${item%"${item##*[! \	]}"}
    case $line in
      state_path*) state=${item%/}; continue ;;
      enabled_backends*) item=$state/conversion ;;
    esac
    # shellcheck disable=SC2016
    case $item in
      '$state_path/'* | '${state_path}/'*) item=$state/${item#*/} ;;
    esac
    case $item in
      /*)
        while [ -n "$item" ] && [ ! -e "$base$item" ]; do item=${item%/*}; done
        if [ -n "$item" ]; then files="$files$nl$base$item"; fi ;;
    esac
  done
} 2>/dev/null

# What a Python directory holds, found on disk as the guide's one-liner finds it on sys.path.
look_into() {
  for directory in "$@"; do
    if [ ! -d "$directory" ]; then
      continue
    fi
    case "$directories$nl" in *"$nl$directory$nl"*) continue ;; esac
    directories="$directories$nl$directory"
    for item in "$directory"/cinder.egg-info "$directory"/nova.egg-info "$directory"/glance.egg-info "$directory"/os_brick.egg-info \
      "$directory"/cinder-*-info "$directory"/nova-*-info "$directory"/glance-*-info "$directory"/os_brick-*-info \
      "$directory"/storpool-*-info "$directory"/storpool[._]spopenstack-*-info; do
      if [ -e "$item" ]; then
        distributions="$distributions$nl$item"
        files="$files$nl$item"
      fi
    done
    if [ -d "$directory/cinder" ]; then
      note_driver "$directory/cinder/volume/drivers/lvm.py"
      note_driver "$directory/cinder/volume/drivers/storpool.py"
    fi
    if [ -d "$directory/nova" ]; then
      for item in driver.py volume.py volume/volume.py volume/storpool.py; do
        note_driver "$directory/nova/virt/libvirt/$item"
      done
    fi
    if [ -d "$directory/os_brick" ]; then
      note_driver "$directory/os_brick/initiator/connectors/storpool.py"
      note_driver "$directory/os_brick/initiator/storpool_utils.py"
    fi
    note_file "$directory/storpool/spapi.py"
    note_file "$directory/storpool/spopenstack"
  done
}

look_at_view() {
  base=$1
  accounts="$accounts$nl$base/etc/passwd$nl$base/etc/group"
  for item in cinder nova glance; do
    note_closed configuration "$base/etc/$item" "/etc/$item"
  done
  note_closed content "$base/var/spool/openstack-storpool" /var/spool/openstack-storpool
  look_into "$base"/usr/lib/python[23]*/dist-packages "$base"/usr/lib/python[23]*/site-packages \
    "$base"/usr/lib64/python[23]*/site-packages "$base"/usr/local/lib/python[23]*/dist-packages \
    "$base"/usr/local/lib*/python[23]*/site-packages "$base"/var/lib/kolla/venv/lib/python3*/site-packages \
    "$base"/openstack/venvs/*/lib/python3*/site-packages
  for item in cinder/cinder cinder/cinder-volume nova/nova nova/nova-compute glance/glance glance/glance-api; do
    note_settings "$base/etc/$item.conf" "$base/etc/$item.conf.d"
  done
  # os-brick reads hidden files there, too.
  note_settings "$base/etc/storpool.conf" "$base/etc/storpool.conf.d" "$base"/etc/storpool.conf.d/.[!.]*.conf
  for place in spool lib; do
    note_file "$base/var/$place/openstack-storpool"
    note_file "$base/var/$place/openstack-storpool/openstack-attach.json"
    databases="$databases$nl$base/var/$place/openstack-storpool/openstack-attach.json"
  done
  for tool in qemu-img file storpool; do
    found=
    for place in /usr/local/bin /usr/bin /bin /usr/local/sbin /usr/sbin /sbin; do
      if [ -z "$found" ] && [ -x "$base$place/$tool" ]; then
        found=$base$place/$tool
      fi
    done
    tools="$tools${nl}tool$us$tool$us${found:-$base}"
  done
  # dpkg writes these when it installs or upgrades, while the files of a package keep the times of its making.
  for item in "$base"/var/lib/dpkg/info/python*-cinder.list "$base"/var/lib/dpkg/info/python*-nova.list \
    "$base"/var/lib/dpkg/info/python*-os-brick.list; do
    note_file "$item"
  done
  for item in "$base"/usr/bin/python "$base"/usr/bin/python2 "$base"/usr/bin/python3; do
    note_file "$item"
  done
}

read_locks() {
  if [ -r "$root/proc/locks" ]; then
    while IFS= read -r line; do
      case $line in *FLOCK* | *POSIX*) locks="$locks${nl}lock$us$1$us$line" ;; esac
    done <"$root/proc/locks"
  fi
}

say() {
  if [ -n "$2" ]; then
    IFS=$nl
    set -f
    for line in $2; do
      printf '%s\n' "$1$line"
    done
    set +f
    unset IFS
  fi
}

# Bytes that are no ASCII: all files at once first, since hardly ever one has any.
find_odd_bytes() {
  damaged= undecodable=
  IFS=$nl
  set -f
  set -- $configurations $drivers $databases $accounts
  if [ "$(count_of '\000\200-\377' "$@")" -gt 0 ]; then
    find_damage "$@"
    find_undecodable $configurations
  fi
  set +f
  unset IFS
}

# Text that has zero bytes in it is none: it is told what it is instead, and not read.
find_damage() {
  if [ "$(count_of '\000' "$@")" -gt 0 ]; then
    for item; do
      zeros=$(count_of '\000' "$item")
      if [ "$zeros" -gt 0 ]; then
        damaged="$damaged${nl}damaged$us$item$us$(what_it_is "$item") ($zeros zero bytes)"
      fi
    done
  fi
}

# Where Python ends that opens a file as text: the line of the first byte that is no UTF-8.
find_undecodable() {
  if [ "$(count_of '\200-\377' "$@")" -gt 0 ]; then
    for item; do
      if [ "$(count_of '\200-\377' "$item")" -gt 0 ]; then
        line=$(head -c "$PROBE_MOST" -- "$item" | od -An -v -tu1 | first_undecodable)
        undecodable="$undecodable${line:+${nl}undecodable$us$item$us$line}"
      fi
    done
  fi
}

# Takes bytes as numbers. By Unicode 15, table 3-7.
first_undecodable() {
  awk '
    function bad() { print line + 1; found = 1; exit }
    {
      for (i = 1; i <= NF; i++) {
        byte = $i + 0
        if (need > 0) { if (byte < low || byte > high) bad(); need--; low = 128; high = 191 }
        else if (byte == 10) line++
        else if (byte > 127) {
          if (byte < 194 || byte > 244) bad()
          need = byte < 224 ? 1 : byte < 240 ? 2 : 3
          low = byte == 224 ? 160 : byte == 240 ? 144 : 128
          high = byte == 237 ? 159 : byte == 244 ? 143 : 191
        }
      }
    }
    END { if (need > 0 && !found) print line + 1 }'
}

# How many of these bytes files hold, of which as many are read as of one.
count_of() {
  bytes=$1
  shift
  head -q -c "$PROBE_MOST" -- "$@" 2>/dev/null | tr -dc "$bytes" | wc -c
}

what_it_is() {
  case $(head -c 4 -- "$1" | od -An -v -tx1 | tr -d ' \n') in
    fffe* | feff*) echo 'UTF-16 text' ;;
    504b0304) echo 'a ZIP archive, as office programs write' ;;
    d0cf11e0) echo 'a document of an office program' ;;
    1f8b*) echo 'compressed by gzip' ;;
    7f454c46) echo 'a program' ;;
    *) echo 'no text: damaged, as by a power failure, or binary' ;;
  esac
}

all_facts() {
  printf '%s\n' "fact${us}node$us$node" "fact${us}boot$us$boot" "fact${us}privilege$us${PROBE_PRIVILEGE:-root}" "fact${us}clock$us$clock" "view${us}host$us$root"
  for pid in $containers; do
    printf '%s\n' "view$us$pid$us$root/proc/$pid/root"
  done
  if [ -z "$root" ] && [ ! -d /proc/1 ]; then
    printf '%s\n' "unknown${us}processes${us}/proc shows this user only its own (hidepid)"
  fi
  if [ -n "${PROBE_WHY:-}" ]; then
    printf '%s\n' "unknown${us}what only root can see${us}$PROBE_WHY"
  fi
  say '' "$notes"
  say '' "$engines"
  say '' "$shared"
  say '' "$starts"
  say '' "$processes"
  api
  say '' "$damaged"
  say '' "$undecodable"
  IFS=$nl
  set -f
  # By numbers: names would be asked for in directories of users that may be far away.
  ls -ldn -- $files 2>/dev/null
  stat -c "stat$us%n$us%F$us%a$us%u$us%g$us%Y$us%s$us%i$us%N" -- $files $executables 2>/dev/null
  printf '%s' "$token" | sha256sum -- - $drivers 2>/dev/null
  for item in $drivers; do
    case $item in
      */virt/libvirt/volume.py) printf '%s\n' "class$us$item$us$(sed -n '/^class LibvirtStorPoolVolumeDriver/,$p' "$item" | sha256sum)" ;;
    esac
  done
  set +f
  unset IFS
  say "directory$us" "$directories"
  say '' "$opens"
  say "distribution$us" "$distributions"
  say "driver$us" "$drivers"
  say "mentions$us" "$configurations"
  say "configuration$us" "$configurations"
  say '' "$variables"
  say '' "$tools"
  if [ -z "$root" ] && command -v getent >/dev/null 2>&1; then
    say "group$us" "$(getent group spopenstack 2>/dev/null)"
    say "account$us" "$(getent passwd cinder nova glance 2>/dev/null)"
  fi
  read_locks 2
  say '' "$locks"
  tokens_of_containers
}

main() {
  for assignment; do
    case $assignment in PROBE_*=*) export "${assignment?}" ;; esac
  done
  LC_ALL=C
  export LC_ALL
  PROBE_ROOT=${PROBE_ROOT:-}
  # No configuration, driver or database is larger than this many bytes, of which the answer holds what rules need.
  PROBE_MOST=4194304
  export PROBE_ROOT PROBE_MOST
  root=${PROBE_ROOT%/}
  nl='
'
  # One subshell for all four: a thousand hosts on one machine feel each of them. The last two bytes are a no-break space.
  controls=$(printf '\037\036\r\302\240')
  us=${controls%????}
  PROBE_NBSP=${controls#???}
  rs=${controls%???}
  rs=${rs#"$us"}
  cr=${controls%??}
  cr=${cr#??}
  export PROBE_NBSP
  clock=$(date +%s%N)
  case $clock in
    *[!0-9]*) clock=${clock%%[!0-9]*}000000000 ;;
  esac
  offset=
  # The clock of a tree that stands for a host may be ahead of ours or behind.
  if [ -n "$root" ] && [ -r "$root/proc/clock-offset" ]; then
    read -r offset <"$root/proc/clock-offset"
    case $offset in
      '' | - | *[!0-9-]* | ?*-* | ????????????????????*) ;;
      *) clock=$((clock + offset)) ;;
    esac
  fi
  read -r node <"$root/proc/sys/kernel/hostname"
  boot=
  if [ -r "$root/proc/sys/kernel/random/boot_id" ]; then
    read -r boot <"$root/proc/sys/kernel/random/boot_id"
  fi
  locks= notes= variables= engines= shared= starts= opens= services= import_paths= tool_paths= processes= pids= containers= settings= prefixes= files= drivers= configurations= directories= distributions= tools= executables= databases= accounts=
  read_locks 1
  sort_processes
  look_at_view "$root"
  for pid in $containers; do
    look_at_view "$root/proc/$pid/root"
    note_shared
  done
  if [ -e "$root/dev/kvm" ]; then
    files="$files$nl$root/dev/kvm"
  fi
  # What Kolla copies into its containers when they start.
  for item in "$root"/etc/kolla/cinder-volume/*.conf "$root"/etc/kolla/nova-compute/*.conf; do
    note_file "$item"
  done
  IFS=$nl
  for item in $prefixes; do
    look_into "$item"/lib/python[23]*/site-packages "$item"/lib64/python[23]*/site-packages "$item"/lib/python[23]*/dist-packages \
      "$item"/local/lib/python[23]*/dist-packages
  done
  note_settings $settings
  look_at_conversion
  unset IFS
  follow_links
  look_into_paths
  find_tools_of_services
  for pid in $pids; do
    executables="$executables$nl$root/proc/$pid/exe"
  done
  find_access "$root"
  api_host=${api_host:-127.0.0.1}
  api_port=${api_port:-81}
  find_odd_bytes
  all_facts | facts_as_json
}

main "$@" </dev/null
