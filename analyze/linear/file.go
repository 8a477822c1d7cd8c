package linear

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// header is the first part of a model's file; the weights follow.
type header struct {
	Name    string
	Labels  []string
	Multi   bool
	Kin     bool `json:",omitempty"`
	Bits    int
	Slots   int
	Entries int // buckets with a weight
	Scale   []float32
	Dense   []float32
	Slope   []float64
	Shift   []float64
	Trust   [2]float64
}

const fileMagic = "parley linear 1\n"

// Bytes is the model as a file: a line of magic, then, compressed, the header
// as JSON with its length before it, the distances between buckets that have a
// weight, and their weights label by label.
func (m *Model) Bytes() ([]byte, error) {
	h := header{Name: m.Name, Labels: m.Labels, Multi: m.Multi, Kin: m.Kin, Bits: m.bits, Slots: m.slots,
		Scale: m.scale, Dense: m.dense, Slope: m.slope, Shift: m.shift, Trust: m.trust}
	var used []int
	for b := range 1 << m.bits {
		for g := range m.groups {
			if m.table[b*m.groups+g] != empty {
				used = append(used, b)
				break
			}
		}
	}
	h.Entries = len(used)
	head, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	raw := binary.AppendUvarint(nil, uint64(len(head)))
	raw = append(raw, head...)
	last := 0
	for _, b := range used {
		raw = binary.AppendUvarint(raw, uint64(b-last))
		last = b
	}
	for k := range m.Labels {
		for _, b := range used {
			raw = append(raw, byte(m.table[b*m.groups+k/4]>>(8*(k%4))))
		}
	}
	out := bytes.NewBufferString(fileMagic)
	w, err := flate.NewWriter(out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// empty is four weights of zero.
const empty = zero<<24 | zero<<16 | zero<<8 | zero

// maxFile bounds what a model may hold when unpacked.
const maxFile = 64 << 20

// Load reads what Bytes wrote.
func Load(file []byte) (*Model, error) {
	if !bytes.HasPrefix(file, []byte(fileMagic)) {
		return nil, fmt.Errorf("not a linear model of this version")
	}
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(file[len(fileMagic):])), maxFile))
	if err != nil {
		return nil, fmt.Errorf("unpack the model: %w", err)
	}
	size, n := binary.Uvarint(raw)
	if n <= 0 || size > uint64(len(raw)-n) {
		return nil, fmt.Errorf("the model's header is damaged")
	}
	raw = raw[n:]
	var h header
	if err := json.Unmarshal(raw[:size], &h); err != nil {
		return nil, fmt.Errorf("the model's header: %w", err)
	}
	if err := h.check(); err != nil {
		return nil, err
	}
	if h.Kin {
		if _, err := kin(); err != nil {
			return nil, err
		}
	}
	m := newModel(h.Name, h.Labels, h.Multi, h.Bits, h.Slots)
	m.Kin = h.Kin
	m.scale, m.dense, m.slope, m.shift, m.trust = h.Scale, h.Dense, h.Slope, h.Shift, h.Trust
	return m, m.fill(raw[size:], h.Entries)
}

func (h *header) check() error {
	k := len(h.Labels)
	if k == 0 || k > maxLabels || h.Bits < 4 || h.Bits > 24 || h.Slots < LexiconSlots || h.Slots > 1<<16 ||
		h.Entries < 0 || h.Entries > 1<<h.Bits ||
		len(h.Scale) != k || len(h.Dense) != k*h.Slots || len(h.Slope) != k || len(h.Shift) != k {
		return fmt.Errorf("the model %q has the wrong shape", h.Name)
	}
	return nil
}

func newModel(name string, labels []string, multi bool, bits, slots int) *Model {
	k := len(labels)
	m := &Model{Name: name, Labels: labels, Multi: multi, bits: bits, groups: (k + 3) / 4, slots: slots,
		scale: make([]float32, k), dense: make([]float32, k*slots),
		slope: make([]float64, k), shift: make([]float64, k), trust: [2]float64{1, 0}}
	for i := range m.slope {
		m.slope[i] = 1
	}
	m.table = make([]uint32, m.groups<<bits)
	for i := range m.table {
		m.table[i] = empty
	}
	return m
}

func (m *Model) fill(raw []byte, entries int) error {
	used := make([]int, entries)
	at := 0
	for i := range used {
		gap, n := binary.Uvarint(raw)
		if n <= 0 || gap >= 1<<m.bits {
			return fmt.Errorf("the model's weights are damaged")
		}
		raw = raw[n:]
		at += int(gap)
		used[i] = at
	}
	if at >= 1<<m.bits || len(raw) != entries*len(m.Labels) {
		return fmt.Errorf("the model's weights are damaged")
	}
	for k := range m.Labels {
		shift := 8 * (k % 4)
		for i, b := range used {
			p := &m.table[b*m.groups+k/4]
			*p = *p&^(0xFF<<shift) | uint32(raw[k*entries+i])<<shift
		}
	}
	return nil
}
