using Outbox.RelayHost;

namespace Outbox.Cluster.Tests.Traffic;

/// <summary>The one thing here that needs no cluster.</summary>
public sealed class PulseTests
{
    [Fact]
    public async Task A_silence_ends_with_the_next_message_and_an_earlier_one_is_forgotten()
    {
        var pulse = new Pulse();
        pulse.Beat("e");
        Assert.Equal(TimeSpan.Zero, pulse.LongestSilence("e"));

        await Task.Delay(20, TestContext.Current.CancellationToken);
        pulse.Beat("e");
        Assert.True(pulse.LongestSilence("e") > TimeSpan.FromMilliseconds(10));
        Assert.Equal(TimeSpan.Zero, pulse.LongestSilence("another"));

        pulse.Start();
        Assert.Equal(TimeSpan.Zero, pulse.LongestSilence("e"));
    }
}
