package bring

import (
	"strings"
	"testing"
	"time"
)

func TestMoneyWithEitherSign(t *testing.T) {
	tests := []struct {
		text, of string
		want     int64
		why      string
	}{
		{"1299", "EUR", 129900, ""}, {"1299.5", "EUR", 129950, ""}, {"1299,50", "EUR", 129950, ""}, {"1.299,50", "EUR", 129950, ""}, {"1,299.50", "EUR", 129950, ""},
		{"1 299,50", "EUR", 129950, ""}, {"1\u202f299,50", "EUR", 129950, ""}, {"1'299.50", "CHF", 129950, ""}, {"1,299", "EUR", 129900, ""}, {"1.299", "EUR", 129900, ""},
		{"1.299.000", "EUR", 129900000, ""}, {"1,299,000.00", "USD", 129900000, ""}, {"0.5", "EUR", 50, ""}, {".5", "EUR", 50, ""}, {"0", "EUR", 0, ""}, {"12.9900", "EUR", 1299, ""},
		{"1299", "JPY", 1299, ""}, {"1,299", "JPY", 1299, ""}, {"1299.00", "JPY", 1299, ""}, {"1299.500", "KWD", 1299500, ""}, {"12.5", "KWD", 12500, ""}, {"1,299.500", "KWD", 1299500, ""},
		{"1.299", "KWD", 0, "two amounts"}, {"12.345", "", 1234500, ""}, {"0.995", "EUR", 0, "more decimals"}, {"1299.5", "JPY", 0, "more decimals"}, {"-5", "EUR", 0, "below nothing"},
		{"1,29,00", "EUR", 0, "no amount"}, {"1.2.3,4,5", "EUR", 0, "no amount"}, {"abc", "EUR", 0, "no amount"}, {"", "EUR", 0, "no amount"}, {"١٢", "EUR", 0, "no amount"},
		{strings.Repeat("9", 40), "EUR", 0, "no amount"}, {"..", "EUR", 0, "no amount"}, {",", "EUR", 0, "no amount"}, {"5.", "EUR", 500, ""},
	}
	for _, tt := range tests {
		got, err := minor(tt.text, tt.of)
		if tt.why == "" && (err != nil || got != tt.want) || tt.why != "" && (err == nil || !strings.Contains(err.Error(), tt.why)) {
			t.Errorf("%q of %q: %d %v, want %d %q", tt.text, tt.of, got, err, tt.want, tt.why)
		}
	}
	for text, want := range map[string][2]string{"€ 12,50": {"12,50", "EUR"}, "12,50 €": {"12,50", "EUR"}, "EUR 12": {"12", "EUR"}, "12 usd": {"12", "USD"}, "$12": {"12", ""}, "12": {"12", ""}} {
		if amount, of, err := stripped(text); err != nil || [2]string{amount, of} != want {
			t.Errorf("%q: %q %q %v", text, amount, of, err)
		}
	}
	if _, _, err := stripped("12 Thaler"); err == nil || !strings.Contains(err.Error(), "no currency") {
		t.Errorf("Thaler: %v", err)
	}
	if _, err := code("XQQ"); err == nil || !strings.Contains(err.Error(), "“XQQ” is no currency that Parley knows") {
		t.Errorf("XQQ: %v", err)
	}
}

func TestDaysAsTheyAreWritten(t *testing.T) {
	for _, tt := range [][4]string{
		{"2026-11-05", "", "2026-11-05T00:00:00Z", ""}, {"2026-11-05 10:30:00 +0100", "", "2026-11-05T09:30:00Z", ""}, {"5.11.2026", "", "2026-11-05T00:00:00Z", ""},
		{"05/11/2026", DayFirst, "2026-11-05T00:00:00Z", ""}, {"05/11/2026", MonthFirst, "2026-05-11T00:00:00Z", ""}, {"25/11/2026", "", "2026-11-25T00:00:00Z", ""},
		{"5/5/2026 3:04 PM", "", "2026-05-05T15:04:00Z", ""}, {"05/11/2026", "", "", "could be two days"}, {"yesterday", "", "", "no day"}, {"25/11/2026", MonthFirst, "", "no day"},
	} {
		got, err := moment(tt[0], tt[1])
		if tt[3] == "" && (err != nil || got.Format(time.RFC3339) != tt[2]) || tt[3] != "" && (err == nil || !strings.Contains(err.Error(), tt[3])) {
			t.Errorf("%q %s: %v %v", tt[0], tt[1], got, err)
		}
	}
}
