using System.Globalization;

namespace Outbox.History;

/// <summary>What an append expects to find.</summary>
public readonly record struct Expected
{
    private Expected(long? version) => At = version;

    /// <summary>That the entity has no events yet.</summary>
    public static Expected New { get; } = new(0);

    /// <summary>Nothing: the events come after whatever is there.</summary>
    public static Expected Any { get; } = new(null);

    /// <summary>The version of the entity's last event; <see langword="null"/> where nothing is expected.</summary>
    public long? At { get; }

    /// <summary>That the entity's last event has this version.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The version is negative.</exception>
    public static Expected Version(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return new Expected(version);
    }

    /// <inheritdoc/>
    public override string ToString() => At switch
    {
        null => "any version",
        0 => "a new entity",
        { } version => string.Create(CultureInfo.InvariantCulture, $"version {version}"),
    };
}
