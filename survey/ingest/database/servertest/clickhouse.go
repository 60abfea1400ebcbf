package servertest

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// Cluster is the name of the cluster in statements of ClickHouse.
const Cluster = "three"

// Users of ClickHouse beside User, with the same password.
const (
	Reader = "reader" // may change no setting
	Skips  = "skips"  // leaves out shards that do not answer
	Cuts   = "cuts"   // stops a statement that takes long, and gives what it has
	Hasty  = "hasty"  // is refused a statement that takes more than a second
)

// ClickHouse starts a cluster of three shards.
func ClickHouse(t testing.TB) []*Node {
	t.Helper()
	server := program(t, "clickhouse-server", "", "apt-get install clickhouse-server")
	nodes := make([]*Node, Shards)
	free := ports(t, 2*Shards)
	var shards string
	for k := range nodes {
		shards += fmt.Sprintf("<shard><replica><host>127.0.0.1</host><port>%d</port><user>%s</user><password>%s</password></replica></shard>\n", free[k], User, Password)
	}
	for k := range nodes {
		dir := filepath.Join(t.TempDir(), "clickhouse")
		config := filepath.Join(dir, "config.xml")
		write(t, config, fmt.Sprintf(`<yandex>
<logger><level>warning</level><console>1</console></logger>
<listen_host>127.0.0.1</listen_host><tcp_port>%d</tcp_port><interserver_http_port>%d</interserver_http_port>
<path>%s/data/</path><tmp_path>%[3]s/tmp/</tmp_path><users_config>users.xml</users_config>
<default_profile>default</default_profile><default_database>default</default_database><timezone>UTC</timezone>
<mark_cache_size>67108864</mark_cache_size>
<remote_servers><%s>
%s</%[4]s></remote_servers>
</yandex>
`, free[k], free[Shards+k], dir, Cluster, shards))
		write(t, filepath.Join(dir, "users.xml"), `<yandex>
<profiles>
<default/>
<`+Reader+`><readonly>1</readonly></`+Reader+`>
<`+Skips+`><skip_unavailable_shards>1</skip_unavailable_shards></`+Skips+`>
<`+Cuts+`><max_execution_time>1</max_execution_time><timeout_overflow_mode>break</timeout_overflow_mode></`+Cuts+`>
<`+Hasty+`><max_execution_time>1</max_execution_time></`+Hasty+`>
</profiles>
<quotas><default/></quotas>
<users>
`+login("default", "default")+login(User, "default")+login(Reader, Reader)+login(Skips, Skips)+login(Cuts, Cuts)+login(Hasty, Hasty)+`</users>
</yandex>
`)
		nodes[k] = &Node{Port: free[k], log: filepath.Join(dir, "log"), signal: "KILL", command: []string{server, "--config-file=" + config}}
	}
	start(t, nodes)
	return nodes
}

func login(name, profile string) string {
	return fmt.Sprintf("<%s><password>%s</password><networks><ip>127.0.0.1</ip></networks><profile>%s</profile><quota>default</quota></%[1]s>\n", name, Password, profile)
}

// ClickHouseDSN is the address of a node for a user.
func ClickHouseDSN(n *Node, user string) string {
	return (&url.URL{Scheme: "clickhouse", User: url.UserPassword(user, Password), Host: n.Address(), Path: "/default"}).String()
}

// write makes a file, and its folder.
func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
