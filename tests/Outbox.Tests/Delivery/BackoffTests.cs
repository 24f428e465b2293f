using Outbox.Delivery.Retrying;

namespace Outbox.Tests.Delivery;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_double_up_to_the_limit_with_at_most_half_taken_off()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), new Random(1));

        for (var failures = 1; failures <= 200; failures++)
        {
            var whole = Math.Min(200 * Math.Pow(2, failures - 1), 30_000);
            Assert.InRange(backoff.After(failures).TotalMilliseconds, whole / 2, whole);
        }
    }
}
