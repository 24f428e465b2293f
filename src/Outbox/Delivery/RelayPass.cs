namespace Outbox.Delivery;

/// <summary>What one sweep over the outbox did.</summary>
/// <param name="Published">Messages published and deleted.</param>
/// <param name="Parked">Messages parked because they cannot be published.</param>
/// <param name="Failed">Messages that failed and will be tried again.</param>
/// <param name="Error">The first failure.</param>
internal sealed record RelayPass(int Published, int Parked, int Failed, string? Error)
{
    public static readonly RelayPass Nothing = new(0, 0, 0, null);

    public bool FoundWork => Published + Parked > 0;
}
