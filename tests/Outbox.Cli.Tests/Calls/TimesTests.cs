using Outbox.Cli.Answers;
using Outbox.Cli.Calls;

namespace Outbox.Cli.Tests.Calls;

public sealed class TimesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("15m", "00:15:00")]
    [InlineData("2d", "2.00:00:00")]
    [InlineData("01:30:00", "01:30:00")]
    public void A_length_is_read_as_a_person_types_it(string text, string length) =>
        Assert.Equal(TimeSpan.Parse(length, System.Globalization.CultureInfo.InvariantCulture), Times.Length(text, "--for"));

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("-5m")]
    [InlineData("soon")]
    [InlineData("1e300d")]
    [InlineData("99999999999999d")]
    [InlineData("-01:00:00")]
    public void What_is_no_length_is_refused_and_says_what_one_looks_like(string text)
    {
        var error = Assert.Throws<CommandException>(() => Times.Length(text, "--for"));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains("15m", error.Message);
    }

    [Theory]
    [InlineData("2026-11-26T05:30:00Z", "2026-11-26T05:30:00Z")]
    [InlineData("2026-11-26 05:30", "2026-11-26T05:30:00Z")]
    [InlineData("2026-11-26T06:30:00+01:00", "2026-11-26T05:30:00Z")]
    [InlineData("2h", "2026-11-26T10:00:00Z")]
    public void A_moment_is_a_time_in_utc_or_counted_back_from_now(string text, string moment) =>
        Assert.Equal(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture), Times.Moment(text, "--from", Now));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("99999999d")]
    [InlineData("2026-13-45")]
    public void What_is_no_moment_is_refused(string text) => Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => Times.Moment(text, "--from", Now)).Code);
}
