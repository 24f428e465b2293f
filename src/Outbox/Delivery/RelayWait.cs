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
            await Task.Delay(DelayAfter(pass), runtime.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (!pass.FoundWork)
        {
            await signal.WaitAsync(options.Value.QueryDelay, runtime.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Until the next turn; but where much waits, so long that reading past it takes a quarter of the time at most.</summary>
    private TimeSpan DelayAfter(RelayPass pass)
    {
        var (query, longest) = (options.Value.QueryDelay, options.Value.MaxRetryDelay);
        var turn = retries.UntilNext ?? query;
        var delay = turn < query ? turn : query;
        var rest = pass.Reading * 3 < longest ? pass.Reading * 3 : longest;
        delay = delay < rest ? rest : delay;
        return delay < Shortest ? Shortest : delay;
    }
}
