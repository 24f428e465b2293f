namespace Demo.Orders;

/// <summary>What the client is going to do with one order. It follows from the number alone, so that every run does the same.</summary>
internal sealed record OrderPlan
{
    private static readonly string[] Items = ["bread", "butter", "cheese", "milk", "olives"];

    public required string Key { get; init; }

    public required string Item { get; init; }

    public required int Quantity { get; init; }

    public required Sending Sending { get; init; }

    /// <summary>How long after its acknowledgement the order is cancelled, if at all.</summary>
    public required TimeSpan? CancelAfter { get; init; }

    /// <summary>Whether the news of its cancellation gets lost on its way.</summary>
    public required bool LosesCancellation { get; init; }

    /// <summary>Every tenth order is cancelled, some at once and some about when its parcel leaves; every twentieth is sent twice; the cancellation of three gets lost.</summary>
    public static OrderPlan For(int number, string run) => new()
    {
        Key = $"{run}order-{number}",
        Item = Items[number % Items.Length],
        Quantity = 1 + (number % 7),
        Sending = (number % 40) switch { 7 => Sending.Again, 27 => Sending.TwiceAtOnce, _ => Sending.Once },
        CancelAfter = number % 10 == 3 ? TimeSpan.FromMilliseconds(200 * (number / 10 % 5)) : null,
        LosesCancellation = number is 5 or 15 or 25,
    };
}
