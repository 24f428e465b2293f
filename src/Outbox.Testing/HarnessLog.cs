using System.Diagnostics;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Testing;

/// <summary>What was published and parked so far, and who waits for more.</summary>
internal sealed class HarnessLog(RelaySignal relay)
{
    private static readonly TimeSpan Nudge = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly List<OutboxMessage> _published = [];
    private readonly List<UnpublishableMessage> _parked = [];
    private TaskCompletionSource _changed = New();

    public IReadOnlyList<OutboxMessage> Published => Copy(_published);

    public IReadOnlyList<UnpublishableMessage> Parked => Copy(_parked);

    public void Add(IReadOnlyCollection<OutboxMessage> published) => Add(_published, published);

    public void Add(IReadOnlyCollection<UnpublishableMessage> parked) => Add(_parked, parked);

    public void Changed()
    {
        lock (_gate)
        {
            _changed.SetResult();
            _changed = New();
        }
    }

    /// <summary>Wakes the relay and looks, now and after each change, until there is a result.</summary>
    /// <returns>The result; <see langword="null"/> when the time is over.</returns>
    public async Task<T?> WaitAsync<T>(Func<Task<T?>> look, TimeSpan timeout, CancellationToken cancellationToken)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var changed = Next();
            if (await look().ConfigureAwait(false) is { } found)
            {
                return found;
            }

            // In real time, also where the service has a clock that the test moves. The relay may rest by that clock, since before the test moved it.
            var left = timeout - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            relay.Raise();
            await Task.WhenAny(changed, Task.Delay(left < Nudge ? left : Nudge, TimeProvider.System, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task Next()
    {
        lock (_gate)
        {
            return _changed.Task;
        }
    }

    private void Add<T>(List<T> list, IReadOnlyCollection<T> items)
    {
        lock (_gate)
        {
            list.AddRange(items);
        }

        Changed();
    }

    private IReadOnlyList<T> Copy<T>(List<T> list)
    {
        lock (_gate)
        {
            return [.. list];
        }
    }
}
