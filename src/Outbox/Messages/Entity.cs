namespace Outbox.Messages;

/// <summary>
/// What is counted, ordered, held, waited for and parked as one thing. Order <c>42</c> and customer <c>42</c> are two entities, though messages of both have the Kafka key <c>42</c>.
/// </summary>
/// <param name="Type">What kind of thing it is, for example <c>order</c>.</param>
/// <param name="Id">Its id among those of its type: the Kafka key.</param>
public readonly record struct Entity(string Type, string Id)
{
    /// <summary>As it stands in logs and errors: <c>order 42</c>.</summary>
    public override string ToString() => $"{Type} {Id}";
}
