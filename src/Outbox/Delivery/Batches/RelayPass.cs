namespace Outbox.Delivery.Batches;

/// <summary>What a sweep, or one batch of it, did.</summary>
/// <param name="Published">Messages published and removed.</param>
/// <param name="Parked">Messages parked because they cannot be published.</param>
/// <param name="Expired">Messages dropped because they expired.</param>
/// <param name="Failed">Entities whose message failed and will be tried again.</param>
/// <param name="Waiting">Messages passed over because their turn has not come again.</param>
internal sealed record RelayPass(int Published, int Parked, int Expired, int Failed, int Waiting)
{
    public static readonly RelayPass Nothing = new(0, 0, 0, 0, 0);

    /// <summary>Whether looking again at once is worth it.</summary>
    public bool FoundWork => Published + Parked + Expired > 0;

    /// <summary>How long it waited for the database to find the next messages.</summary>
    public TimeSpan Reading { get; init; }

    /// <summary>Whether it ended before it had read everything.</summary>
    public bool IsCut { get; init; }

    public RelayPass With(RelayPass more) => new(
        Published + more.Published, Parked + more.Parked, Expired + more.Expired, Failed + more.Failed, Waiting + more.Waiting)
    {
        Reading = Reading + more.Reading,
        IsCut = IsCut || more.IsCut,
    };
}
