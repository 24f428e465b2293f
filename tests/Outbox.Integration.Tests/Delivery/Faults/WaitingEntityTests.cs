using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>An entity that fails and waits is nobody else's delay.</summary>
public sealed class WaitingEntityTests
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task G5_a_commit_wakes_the_relay_while_another_entity_waits()
    {
        var failures = 0;
        var publisher = new ScriptedPublisher
        {
            Script = message =>
            {
                if (message.EntityId != "stuck")
                {
                    return null;
                }

                Interlocked.Increment(ref failures);
                return PublishResult.Failed("not today");
            },
        };
        await using var service = await TestService.StartAsync(
            o =>
            {
                // Only a signal wakes the relay.
                o.LeaseDuration = Never;
                o.QueryDelay = Never;
                o.Set(x => (x.RetryDelay, x.MaxRetryDelay, x.WatchChanges) = (Never, Never, false));
            },
            publisher.Attach);
        await service.PublishAsync("stuck", 1);
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref failures) > 0), "the entity has failed");

        for (var n = 0; n < 5; n++)
        {
            await service.PublishAsync($"free-{n}", 1);
            await Eventually.TrueAsync(async () => (await service.ReadTopicAsync()).Count == n + 1, $"message {n} of the others is published");
        }

        Assert.Equal(1, Volatile.Read(ref failures));
    }
}
