using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Outbox.Inbox.Sequencing;

namespace Outbox.Tests.Configuration;

/// <summary>Each setting has a range, and an error that names it.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData("QueryDelay", "00:00:00", "between 00:00:00.0100000 and 00:10:00")]
    [InlineData("QueryMessageLimit", "0", "between 1 and 100000")]
    [InlineData("QueryByteLimit", "-1", "between 0 and 2147483647")]
    [InlineData("LeaseDuration", "00:00:00.500", "between 00:00:01 and 00:10:00")]
    [InlineData("LeaseDuration", "-00:00:10", "between 00:00:01 and 00:10:00")]
    [InlineData("Lanes", "0", "between 1 and 1024")]
    [InlineData("Lanes", "1025", "between 1 and 1024")]
    [InlineData("RetryDelay", "00:00:00", "between 00:00:00.0010000 and 00:10:00")]
    [InlineData("MaxRetryDelay", "02:00:00", "between 00:00:00.0010000 and 01:00:00")]
    [InlineData("MaxAttempts", "0", "between 1 and 1000000")]
    [InlineData("MaxAge", "-00:00:01", "between 00:00:01 and 3650.00:00:00")]
    [InlineData("MaxAge", "00:00:00", "between 00:00:01 and 3650.00:00:00")]
    [InlineData("KeepSentFor", "00:00:00", "between 00:01:00 and 3650.00:00:00")]
    [InlineData("KeepSentFor", "4000.00:00:00", "between 00:01:00 and 3650.00:00:00")]
    [InlineData("MaxPayloadBytes", "0", "between 1 and 15000000")]
    [InlineData("DuplicateDetectionWindow", "00:00:30", "between 00:01:00 and 3650.00:00:00")]
    [InlineData("Sequence:EntityLimit", "0", "between 1 and 1000000")]
    [InlineData("Sequence:Deadline", "00:00:00", "between 00:00:00.0010000 and 365.00:00:00")]
    public void G9_a_setting_out_of_its_range_stops_the_start_with_its_name_and_its_range(string setting, string value, string range)
    {
        var shown = TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time) && value.Contains(':', StringComparison.Ordinal) ? time.ToString() : value;
        Assert.Contains($"Outbox:{setting} is {shown}; set it {range}.", Refused((setting, value)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("QueryDelay", "00:00:11", "Outbox:QueryDelay is 00:00:11, longer than Outbox:LeaseDuration (00:00:10)")]
    [InlineData("RetryDelay", "00:01:00", "Outbox:RetryDelay is 00:01:00, longer than Outbox:MaxRetryDelay (00:00:30)")]
    public void G9_settings_that_contradict_each_other_stop_the_start(string setting, string value, string expected) =>
        Assert.Contains(expected, Refused((setting, value)), StringComparison.Ordinal);

    [Fact]
    public void G9_a_memory_shorter_than_a_lease_stops_the_start() => Assert.Contains(
        "Outbox:DuplicateDetectionWindow is 00:05:00, shorter than Outbox:LeaseDuration (00:10:00)",
        Refused(("DuplicateDetectionWindow", "00:05:00"), ("LeaseDuration", "00:10:00")),
        StringComparison.Ordinal);

    [Fact]
    public void The_defaults_and_the_ends_of_the_ranges_are_valid()
    {
        Validate();
        Validate(("QueryDelay", "00:00:10"), ("MaxAge", "3650.00:00:00"), ("KeepSentFor", "00:01:00"), ("Lanes", "1024"), ("MaxAttempts", "1"));
    }

    private static string Refused(params (string Setting, string Value)[] settings)
    {
        var error = Assert.ThrowsAny<Exception>(() => Validate(settings));
        return error is AggregateException several
            ? string.Join('\n', several.InnerExceptions.Select(inner => inner.Message))
            : Assert.IsType<OptionsValidationException>(error).Message;
    }

    /// <summary>As the host does it at start.</summary>
    private static void Validate(params (string Setting, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"Outbox:{setting.Setting}", (string?)setting.Value))).Build();
        using var provider = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddOutbox(_ => { }).BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.NotNull(provider.GetRequiredService<IOptions<SequenceOptions>>().Value);
    }
}
