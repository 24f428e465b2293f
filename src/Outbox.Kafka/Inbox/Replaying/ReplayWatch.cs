using Outbox.Inbox.Health;
using Outbox.Inbox.Replaying;

namespace Outbox.Kafka.Inbox.Replaying;

/// <summary>Looks, again and again, whether the endpoint is to be replayed; has it stop, and does the work if it is this instance's turn.</summary>
internal sealed class ReplayWatch(IReplayStore store, ReplayGate gate, EndpointPresence self, ReplayWork work, TimeProvider time)
{
    /// <summary>An instance that is not heard of for so long is gone, or has stopped to work.</summary>
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(30);

    /// <summary>How often it is said that looking fails, while it does.</summary>
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(1);

    private const string Cause = "replay";

    /// <summary>A process may have two endpoints of one group, and one of them leads.</summary>
    private readonly string _leader = $"{self.Instance} {self.Topic}";

    private long? _attended;
    private long? _saidAt;
    private (int Stopped, int Faults) _shown;

    /// <summary>How the endpoint is, which is shown beside.</summary>
    public EndpointState? State { get; init; }

    /// <summary>Takes snapshots now and then, where the endpoint says so.</summary>
    public SnapshotSchedule? Snapshots { get; init; }

    /// <param name="interval">How often to look.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task RunAsync(TimeSpan interval, CancellationToken stopping)
    {
        var stopped = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var replay = await LookAsync(stopped, stopping).ConfigureAwait(false);
                gate.Show(replay);
                State?.Stands(replay is { MayConsume: false } ? Describe(replay) : null);
                stopped = replay is { MayConsume: false } && gate.HasStopped ? replay.Generation : 0;
                if (replay is not null)
                {
                    await work.GoOnAsync(replay, _leader, Alive, stopping).ConfigureAwait(false);
                }

                await (Snapshots?.GoOnAsync(replay, stopping) ?? Task.CompletedTask).ConfigureAwait(false);
                State?.Recovered(Cause);
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                // Whatever it is, the next look tries again.
                Failed(error);
            }
            catch (Exception)
            {
                // The endpoint stops, and whatever it was ended with that.
                break;
            }

            await Task.Delay(interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>While it consumes, it need not be known that nobody could look.</summary>
    private void Failed(Exception error)
    {
        if (gate.IsOpen)
        {
            State?.Recovered(Cause);
        }
        else
        {
            State?.Faulted(Cause, $"Whether and how it is replayed could not be found out, or a step of that failed; it is tried again: {error.Message}");
        }

        if (_saidAt is not { } said || time.GetElapsedTime(said) > SayAgain)
        {
            work.Failed(error, self);
            _saidAt = time.GetTimestamp();
        }
    }

    private static string Describe(EndpointReplay replay)
    {
        var what = replay.Snapshot is { } snapshot ? $"snapshot {snapshot} is taken" : $"replay {replay.Generation} begins";
        var step = replay.Phase == ReplayPhase.Pausing ? "its instances stop" : "its collections and offsets are made ready";
        return $"{what}, and {step} ({replay.Reason.TrimEnd('.')}).";
    }

    /// <summary>To look costs a read. To show itself costs a write that waits for a majority, so that is done when there is something to show, and now and then.</summary>
    private async Task<EndpointReplay?> LookAsync(int stopped, CancellationToken stopping)
    {
        var showing = (stopped, State?.Faults.Count ?? 0);
        if (showing == _shown && _attended is { } attended && time.GetElapsedTime(attended) < Alive / 6)
        {
            return await store.LookAsync(self.Endpoint, stopping).ConfigureAwait(false);
        }

        var replay = await store.AttendAsync(self with { Stopped = stopped, Report = State?.Report() }, Alive, stopping).ConfigureAwait(false);
        (_shown, _attended) = (showing, time.GetTimestamp());
        return replay;
    }

    /// <summary>The endpoint has stopped for good.</summary>
    public async Task LeaveAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
            await store.LeaveAsync(self, patience.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // It counts as gone soon.
            work.Failed(error, self);
        }
    }
}
