namespace Outbox.Integration.Tests.Servers;

/// <summary>A clock by which some time has passed sooner; timers take their time.</summary>
internal sealed class HurriedTime(int times) : TimeProvider
{
    public override long GetTimestamp() => base.GetTimestamp() * times;
}
