namespace Outbox.Delivery.Health;

/// <summary>What the relay of this process found when it last tried.</summary>
internal sealed class RelayHealth(TimeProvider time)
{
    private volatile Failure? _database;
    private volatile Failure? _broker;

    /// <summary>Whether the relay watches for the commits of other processes; <see langword="null"/> before it has tried.</summary>
    public bool? Watches { get; set; }

    /// <summary>For how long MongoDB could not be used, and why.</summary>
    public (TimeSpan For, string Error)? Database => Since(_database);

    /// <summary>For how long Kafka could not be used, and why.</summary>
    public (TimeSpan For, string Error)? Broker => Since(_broker);

    /// <summary>Notes a sweep that came to its end. One that only passed over what waits says nothing about the broker.</summary>
    public void Swept(RelayPass pass)
    {
        _database = null;
        if (pass.Published > 0 || pass is { IsUnanswered: false, Waiting: 0 })
        {
            _broker = null;
        }
        else if (pass.IsUnanswered)
        {
            _broker = Keep(_broker, pass.Error ?? "The broker gave no reason.");
        }
    }

    /// <summary>Notes that MongoDB could not be used.</summary>
    public void DatabaseFailed(string error) => _database = Keep(_database, error);

    /// <summary>Notes that MongoDB could be used.</summary>
    public void DatabaseAnswered() => _database = null;

    private Failure Keep(Failure? failure, string error) => new(failure?.Since ?? time.GetTimestamp(), error);

    private (TimeSpan For, string Error)? Since(Failure? failure) => failure is null ? null : (time.GetElapsedTime(failure.Since), failure.Error);

    private sealed record Failure(long Since, string Error);
}
