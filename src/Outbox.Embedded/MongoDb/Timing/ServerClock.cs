namespace Outbox.Embedded.MongoDb.Timing;

/// The server's wall clock, which a test may set wrong.
internal sealed class ServerClock(TimeProvider time)
{
    private long _offsetTicks;

    public TimeProvider Time { get; } = time;

    public TimeSpan Offset
    {
        get => new(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    public DateTime Now => Time.GetUtcNow().UtcDateTime + Offset;
}
