namespace Outbox.Messages.Registration;

/// <summary>What Kafka takes as the name of a topic.</summary>
public static class TopicName
{
    private const int Longest = 249;

    /// <summary>Whether there can be a topic of this name.</summary>
    public static bool IsValid(string name) => name is { Length: > 0 and <= Longest } and not ("." or "..") && name.All(IsValid);

    /// <exception cref="OutboxConfigurationException">There can be no topic of this name.</exception>
    internal static void Check(string name)
    {
        if (!IsValid(name) && !BusTopics.Contains(name))
        {
            throw new OutboxConfigurationException(
                $"'{name}' cannot be the name of a Kafka topic: a name has 1 to {Longest} letters (a to z), digits, '.', '_' and '-', and is neither '.' nor '..'.");
        }
    }

    private static bool IsValid(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-';
}
