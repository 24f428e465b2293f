using Microsoft.Extensions.Options;
using Outbox.Delivery.Retrying;

namespace Outbox.Delivery;

/// <summary>Decides how long the relay rests after a sweep.</summary>
internal sealed class RelayWait(RelaySignal signal, RetrySchedule retries, IOptions<OutboxOptions> options, RelayRuntime runtime)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    public async Task AfterAsync(RelayPass pass, CancellationToken cancellationToken)
    {
        if (pass.Waiting + pass.Failed > 0)
        {
            // Reading past what waits costs the server work, so signals do not cut this short.
            var turn = retries.UntilNext ?? options.Value.QueryDelay;
            var delay = turn < Shortest ? Shortest : turn < options.Value.QueryDelay ? turn : options.Value.QueryDelay;
            await Task.Delay(delay, runtime.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (!pass.FoundWork)
        {
            await signal.WaitAsync(options.Value.QueryDelay, runtime.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
