namespace Outbox.Integration.Tests.Servers;

/// <summary>A host whose clock is wrong.</summary>
internal sealed class SkewedTime(TimeSpan skew) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + skew;
}
