package trial

import (
	"math"
	"time"
)

// MovingZ is the usual baseline: the mean and the standard deviation of the
// last figures, and an alarm beyond some of the latter.
type MovingZ struct {
	Over         int     // how many figures
	Beyond       float64 // how many standard deviations
	ring         []float64
	next         int
	sum, squares float64
}

// Find reports whether a figure is far from the mean of those before.
func (z *MovingZ) Find(_ time.Time, v float64) bool {
	if len(z.ring) < z.Over {
		z.ring = append(z.ring, v)
		z.recount()
		return false
	}
	n := float64(z.Over)
	mean := z.sum / n
	sd := math.Sqrt(max(0, z.squares/n-mean*mean))
	found := sd > 1e-9*math.Abs(mean) && math.Abs(v-mean) > z.Beyond*sd
	old := z.ring[z.next]
	z.ring[z.next] = v
	z.sum += v - old
	z.squares += v*v - old*old
	if z.next = (z.next + 1) % z.Over; z.next == 0 {
		z.recount() // so that what sums lose in digits does not add up
	}
	return found
}

func (z *MovingZ) recount() {
	if len(z.ring) < z.Over {
		return
	}
	z.sum, z.squares = 0, 0
	for _, x := range z.ring {
		z.sum += x
		z.squares += x * x
	}
}
