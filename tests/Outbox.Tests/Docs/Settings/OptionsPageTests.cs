using Outbox.Tests.Standards;

namespace Outbox.Tests.Docs.Settings;

public sealed class OptionsPageTests
{
    private const string Accept = "OUTBOX_ACCEPT_OPTIONS";
    private const string Page = "docs/options.md";

    [Fact]
    public void It_is_what_the_types_say()
    {
        var actual = OptionsPage.Write();
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(Repository.PathOf(Page), actual);
        }

        Assert.True(Markdown.Text(Page) == actual, $"{Page} is not what the options' types say. Run this test once with {Accept}=1, and read the difference.");
    }

    [Fact]
    public void Each_setting_says_what_it_means() => Rule.Holds(
        OptionsPage.Write().Split('\n').Where(line => line.EndsWith("|  |", StringComparison.Ordinal)),
        "A setting without a summary cannot be looked up:");

    [Fact]
    public void A_setting_has_the_default_and_the_range_of_the_code()
    {
        var page = OptionsPage.Write();

        Assert.Contains("| `QueryDelay` | `Outbox:QueryDelay` | 1 s | 10 ms to 10 min |", page, StringComparison.Ordinal);
        Assert.Contains("| `MaxAttempts` | `Outbox:MaxAttempts` | 100: about 45 minutes with the default waits | 1 to 1,000,000 |", page, StringComparison.Ordinal);
        Assert.Contains("| `OnGap` | `Outbox:Sequence:OnGap` | `Hold` |", page, StringComparison.Ordinal);
        Assert.Contains("| `e.RevokeTimeout` | 10 seconds |", page, StringComparison.Ordinal);
    }
}
