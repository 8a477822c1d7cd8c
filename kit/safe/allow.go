package safe

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// allowed is what an administrator has allowed.
type allowed struct {
	hosts    map[string]bool // "localhost", "localhost:8080"; folded, without trailing dot
	prefixes []netip.Prefix
}

// Allow replaces the list of what is allowed, for connections made from now
// on. If an entry cannot be read, the list stays as it was.
func (c *Client) Allow(list []string) error {
	a := &allowed{hosts: map[string]bool{}}
	for _, entry := range list {
		if err := a.add(strings.TrimSpace(entry)); err != nil {
			return err
		}
	}
	c.allow.Store(a)
	c.CloseIdle()
	return nil
}

// CloseIdle closes connections that wait to be used again, so that they are
// not used past a change of the list.
func (c *Client) CloseIdle() {
	if c.HTTP != nil {
		c.HTTP.CloseIdleConnections()
	}
}

func (a *allowed) add(entry string) error {
	switch {
	case entry == "":
		return nil
	case strings.Contains(entry, "/"):
		p, err := netip.ParsePrefix(entry)
		if err != nil {
			return fmt.Errorf("%q is not a network such as 10.1.0.0/16", entry)
		}
		a.prefixes = append(a.prefixes, p.Masked())
		return nil
	}
	if ip, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
		ip = ip.Unmap()
		a.prefixes = append(a.prefixes, netip.PrefixFrom(ip, ip.BitLen()))
		return nil
	}
	host, port, err := net.SplitHostPort(entry)
	if err != nil {
		host, port = entry, ""
	}
	if host == "" || strings.ContainsAny(host, " \t:@?#*") {
		return fmt.Errorf("%q is not a host, a host with a port, an address or a network", entry)
	}
	a.hosts[key(host, port)] = true
	return nil
}

func key(host, port string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if port == "" {
		return host
	}
	return net.JoinHostPort(host, port)
}

// host reports whether a host may be reached whatever it resolves to.
func (a *allowed) host(host, port string) bool {
	return a.hosts[key(host, "")] || a.hosts[key(host, port)]
}

// address reports whether an address is allowed.
func (a *allowed) address(ip netip.Addr) bool {
	for _, p := range a.prefixes {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}
