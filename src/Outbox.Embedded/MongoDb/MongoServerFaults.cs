using Outbox.Embedded.MongoDb.Commands;
using Outbox.Embedded.MongoDb.Faults;

namespace Outbox.Embedded.MongoDb;

/// <summary>The ways to make an embedded MongoDB server fail, exactly when a test says so.</summary>
public sealed class MongoServerFaults
{
    private readonly ServerState _state;
    private readonly Action _closeConnections;

    internal MongoServerFaults(ServerState state, Action closeConnections)
    {
        _state = state;
        _closeConnections = closeConnections;
    }

    /// <summary>How far the server's clock is from the true time.</summary>
    public TimeSpan ClockOffset
    {
        get => _state.Clock.Offset;
        set => _state.Clock.Offset = value;
    }

    /// <summary>Drops the connection at the next commands of these names (all commands when none are named), before or after they took effect.</summary>
    public void DropConnection(DropMoment moment, int count = 1, params string[] commands) =>
        _state.Interruptions.DropNext(moment, name => commands.Length == 0 || commands.Contains(name), count);

    /// <summary>
    /// The next commands of these names (all commands when none are named) take effect, but their answers come later by this much;
    /// with <see cref="Timeout.InfiniteTimeSpan"/> they never come, and the connection stays open.
    /// </summary>
    public void DelayAnswer(TimeSpan delay, int count = 1, params string[] commands) =>
        _state.Interruptions.DelayNext(delay, name => commands.Length == 0 || commands.Contains(name), count);

    /// <summary>Closes every connection now.</summary>
    public void CloseConnections() => _closeConnections();

    /// <summary>Commands wait, before they do anything, until <see cref="Resume"/>.</summary>
    public void Pause() => _state.Interruptions.Pause();

    /// <summary>Ends a pause.</summary>
    public void Resume() => _state.Interruptions.Resume();

    /// <summary>The server is no longer primary, until <see cref="StepUp"/>. Open transactions are aborted.</summary>
    public void StepDown() => _state.Elections.StepDown(null);

    /// <summary>The server is primary again.</summary>
    public void StepUp() => _state.Elections.StepUp();

    /// <summary>From now on nothing becomes majority-committed, until <see cref="ReleaseMajority"/> or <see cref="RollbackAsync"/>, or until the returned hold is disposed.</summary>
    public IDisposable HoldMajority()
    {
        _state.Store.HoldMajority();
        return new Hold(_state);
    }

    /// <summary>Everything written during the hold becomes majority-committed.</summary>
    public void ReleaseMajority() => _state.Store.ReleaseMajority();

    /// <summary>
    /// Discards what was written during the hold, as a failover to a member that never had it would: connections are closed,
    /// there is no primary for the given time, and then there is one again.
    /// </summary>
    public async Task RollbackAsync(TimeSpan withoutPrimary = default)
    {
        _state.Elections.RollBack();
        _closeConnections();
        if (withoutPrimary > TimeSpan.Zero)
        {
            await Task.Delay(withoutPrimary, _state.Clock.Time).ConfigureAwait(false);
        }

        _state.Elections.StepUp();
    }

    /// <summary>Drops connections at random before or after commands, with the given probability, and prints the seed; 0 turns it off.</summary>
    public void DropAtRandom(int seed, double probability)
    {
        if (probability > 0)
        {
            Console.WriteLine($"Embedded MongoDB drops connections at random: seed={seed} probability={probability}");
        }

        _state.Interruptions.UseRandom(probability > 0 ? new RandomFaults(seed, probability) : null);
    }

    private sealed class Hold(ServerState state) : IDisposable
    {
        public void Dispose() => state.Store.ReleaseMajority();
    }
}
