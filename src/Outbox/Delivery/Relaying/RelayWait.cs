using Microsoft.Extensions.Options;
using Outbox.Delivery.Batches;

namespace Outbox.Delivery.Relaying;

/// <summary>Decides how long the relay rests after a sweep.</summary>
internal sealed class RelayWait(RelaySignal signal, WaitingWork waiting, IOptions<OutboxOptions> options, RelayRuntime runtime)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    public async Task AfterAsync(RelayPass pass, CancellationToken cancellationToken)
    {
        if (pass.Waiting > 0 || waiting.Any)
        {
            // Reading past what waits costs the server work: half of the time at most.
            await Task.Delay(Limited(pass.Reading, options.Value.MaxRetryDelay), runtime.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!pass.FoundWork)
        {
            await signal.WaitAsync(UntilNext(), runtime.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Until the next turn, or poll; a signal comes first.</summary>
    private TimeSpan UntilNext()
    {
        var turn = waiting.UntilNext ?? options.Value.QueryDelay;
        return turn < Shortest ? Shortest : Limited(turn, options.Value.QueryDelay);
    }

    private static TimeSpan Limited(TimeSpan time, TimeSpan most) => time < most ? time : most;
}
