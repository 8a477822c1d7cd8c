package resolve

import (
	"strconv"
	"strings"
)

var months = map[string]int{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"mrz": 3, "mai": 5, "okt": 10, "dez": 12}

// date is a day of birth as eight digits, year first, with 00 for what is not
// known. Days that do not exist (19870231) stand as they were written; what is
// no date at all stands as its digits.
type date string

// readDate reads a date in one of many ways. Where day and month can't be told
// apart, dayFirst decides.
func readDate(s string, dayFirst bool) date {
	s = strings.ToLower(strings.TrimSpace(cut(s, 40)))
	if i := strings.IndexByte(s, 't'); i == 10 || i == 8 {
		s = s[:i] // a time follows
	}
	if len(s) > 10 && strings.Count(s[10:], ":") > 0 {
		s = strings.TrimSpace(s[:10])
	}
	s = strings.TrimSuffix(s, ".0") // what a spreadsheet adds
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '/' || r == '.' || r == ' ' || r == ',' })
	var nums []int
	month := 0
	wide := -1 // which of nums has four digits
	for _, p := range parts {
		if len(p) >= 3 {
			if m, ok := months[p[:3]]; ok {
				month = m
				continue
			}
		}
		p = strings.TrimRight(p, "stndrh")
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return date(digitsOf(s))
		}
		if len(p) == 4 {
			wide = len(nums)
		}
		nums = append(nums, n)
	}
	switch {
	case len(parts) == 1:
		return plainDate(digitsOf(parts[0]), dayFirst)
	case month > 0 && len(nums) == 2:
		y, d := nums[1], nums[0]
		if wide == 0 {
			y, d = nums[0], nums[1]
		}
		return dateOf(century(y), month, d)
	case month > 0 && len(nums) == 1:
		return dateOf(century(nums[0]), month, 0)
	case len(nums) == 2 && wide >= 0:
		return dateOf(nums[wide], nums[1-wide], 0)
	case len(nums) != 3:
		return date(digitsOf(s))
	case wide == 0:
		y, m, d := nums[0], nums[1], nums[2]
		if m > 12 && d <= 12 {
			m, d = d, m
		}
		return dateOf(y, m, d)
	}
	d, m, y := nums[0], nums[1], century(nums[2])
	if (!dayFirst && d <= 12) || m > 12 {
		d, m = m, d
	}
	return dateOf(y, m, d)
}

// plainDate reads digits without anything between.
func plainDate(s string, dayFirst bool) date {
	switch len(s) {
	case 8:
		if !yearLeads(s) && plausibleYear(s[4:]) {
			d, m := s[:2], s[2:4]
			if m > "12" || !dayFirst && d <= "12" {
				d, m = m, d
			}
			return date(s[4:] + m + d)
		}
	case 6:
		if yearLeads(s) && s[4:] <= "12" {
			return date(s + "00")
		}
	case 4:
		return date(s + "0000")
	}
	return date(s)
}

func plausibleYear(y string) bool { return y >= "1850" && y <= "2100" }

// yearLeads says whether digits begin with a year.
func yearLeads(s string) bool { return plausibleYear(s[:4]) }

func century(y int) int {
	switch {
	case y >= 100:
		return y
	case y > 30:
		return 1900 + y
	}
	return 2000 + y
}

func dateOf(y, m, d int) date {
	if y > 9999 || m > 99 || d > 99 {
		return ""
	}
	b := []byte("00000000")
	for i, v := range []int{y / 1000 % 10, y / 100 % 10, y / 10 % 10, y % 10, m / 10, m % 10, d / 10, d % 10} {
		b[i] = byte('0' + v)
	}
	return date(b)
}

func digitsOf(s string) string {
	var b []byte
	for i := 0; i < len(s) && len(b) < 12; i++ {
		if s[i] >= '0' && s[i] <= '9' {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// dayLeads looks at all dates of an input: does the day come before the month?
func dayLeads(all func(func(string) bool)) bool {
	day, month := 0, 0
	for s := range all {
		parts := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '/' || r == '.' || r == ' ' })
		if len(parts) == 1 && len(s) == 8 && !yearLeads(s) && plausibleYear(s[4:]) {
			parts = []string{s[:2], s[2:4], s[4:]}
		}
		if len(parts) < 3 || len(parts[0]) > 2 || len(parts[1]) > 2 {
			continue
		}
		a, _ := strconv.Atoi(parts[0])
		b, _ := strconv.Atoi(parts[1])
		if a > 12 && b <= 12 {
			day++
		}
		if b > 12 && a <= 12 {
			month++
		}
	}
	return day >= month
}
