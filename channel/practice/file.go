package practice

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/markup"
	"github.com/parley-crm/parley/social"
)

// File is a file that goes with words.
type File struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Alt   string `json:"alt,omitempty"`
	Size  int64  `json:"size"`
	Bytes []byte `json:"-"`
}

// enclose keeps the bytes of a post's files on the network.
func (n *Network) enclose(p *Post, files []File) {
	for i, f := range files {
		f.Size = int64(len(f.Bytes))
		p.Files = append(p.Files, f)
		n.files[fmt.Sprintf("%s/%d", p.ID, i)] = f.Bytes
	}
}

// Lose makes the network forget the files of a post.
func (n *Network) Lose(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for k := range n.files {
		if strings.HasPrefix(k, id+"/") {
			delete(n.files, k)
		}
	}
}

// Enclosed is the files of a post, and who got a letter too.
func (l *line) Enclosed(e channel.Event) ([]social.Enclosed, error) {
	as, err := l.Read(e)
	if err != nil || len(as) == 0 {
		return nil, err
	}
	var in entry
	if err := json.Unmarshal(e.Raw, &in); err != nil || len(in.Post.Files)+len(in.Post.CC)+len(in.Post.HTML) == 0 || in.Type == "delete" {
		return nil, err
	}
	out := social.Enclosed{Of: in.Post.ID, CC: in.Post.CC, HTML: markup.Safe(in.Post.HTML)}
	for i, f := range in.Post.Files {
		out.Files = append(out.Files, social.Attachment{Handle: fmt.Sprintf("%s/%d", in.Post.ID, i), Name: f.Name, Type: f.Type, Alt: f.Alt, Size: f.Size})
	}
	return []social.Enclosed{out}, nil
}

// Fetch opens a file on the network.
func (l *line) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	var data []byte
	err := l.net.call(ctx, l.site, false, func() error {
		data = l.net.files[a.Handle]
		return nil
	})
	if err != nil {
		return nil, err
	}
	if data == nil {
		return nil, social.Errorf(social.NotFound, "The practice network no longer has this file.")
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// Carries is pictures in public and everything in private.
func (l *line) Carries(v social.Visibility) channel.Load {
	load := channel.Load{Most: 4, Size: 8 << 20, Alt: 1500, Types: []string{"image/png", "image/jpeg", "image/gif", "image/webp"}}
	if v == social.Direct {
		load.Types, load.Most = nil, 10
	}
	return load
}

// Load is pictures, or a video alone.
func (l *square) Load() channel.Load {
	load := l.Carries(social.Public)
	load.Video = &social.Video{Types: []string{"video/mp4"}, Size: 20 << 20}
	return load
}

func taken(media []channel.Media) ([]File, error) {
	var out []File
	for _, m := range media {
		data, err := io.ReadAll(m.Open())
		if err != nil {
			return nil, social.Because(social.Busy, err, "A file that goes along cannot be read.")
		}
		out = append(out, File{Name: m.Name, Type: m.Type, Alt: m.Alt, Bytes: data})
	}
	return out, nil
}

// FilesOf returns the files of a post.
func (n *Network) FilesOf(id string) []File {
	n.mu.Lock()
	defer n.mu.Unlock()
	p := n.posts[id]
	if p == nil {
		return nil
	}
	out := make([]File, len(p.Files))
	for i, f := range p.Files {
		f.Bytes = n.files[fmt.Sprintf("%s/%d", id, i)]
		out[i] = f
	}
	return out
}

// AudienceOf is for whom a post is; "" is everybody.
func (n *Network) AudienceOf(id string) social.Audience {
	n.mu.Lock()
	defer n.mu.Unlock()
	if p := n.posts[id]; p != nil {
		return p.Audience
	}
	return ""
}
