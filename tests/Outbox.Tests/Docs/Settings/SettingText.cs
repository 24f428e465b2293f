using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Outbox.Tests.Docs.Settings;

/// <summary>The default and the range of one setting: from the code, with what its comment adds.</summary>
internal static partial class SettingText
{
    /// <param name="property">The setting.</param>
    /// <param name="options">Options that nobody has changed; <see langword="null"/> where there are none before MassTransit makes them.</param>
    /// <param name="said">What the comment says of the value.</param>
    public static string Default(PropertyInfo property, object? options, string said)
    {
        var words = Prefix().Replace(said, "").TrimEnd('.');
        var value = options is null ? null : property.GetValue(options);
        if (value is null or string || Value(value) is not { } text)
        {
            return words.Length > 0 ? words : "none";
        }

        var reason = words.IndexOf(": ", StringComparison.Ordinal);
        var condition = words.IndexOf("; ", StringComparison.Ordinal);
        return text + (reason > 0 ? words[reason..] : condition > 0 ? words[condition..] : "");
    }

    public static string Range(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        string?[] parts =
        [
            property.GetCustomAttribute<BetweenAttribute>() is { } between ? $"{Value(between.Least)} to {Value(between.Most)}" : null,
            property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{Limit(range, range.Minimum)} to {Limit(range, range.Maximum)}" : null,
            type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(name => $"`{name}`")) : null,
            type == typeof(bool) ? "`true`, `false`" : null,
            property.GetCustomAttribute<RegularExpressionAttribute>() is { } expression ? $"`{expression.Pattern}`" : null,
            property.IsDefined(typeof(RequiredAttribute)) ? "required" : null,
        ];
        return string.Join("; ", parts.OfType<string>());
    }

    private static string? Limit(RangeAttribute range, object limit) =>
        Value(range.OperandType == typeof(TimeSpan) ? TimeSpan.Parse((string)limit, CultureInfo.InvariantCulture) : limit);

    private static string? Value(object value) => value switch
    {
        bool truth => truth ? "`true`" : "`false`",
        Enum name => $"`{name}`",
        TimeSpan time => Duration(time),
        IFormattable number => number.ToString("N0", CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Duration(TimeSpan time) =>
        time == TimeSpan.Zero ? "0" :
        time < TimeSpan.FromSeconds(1) ? $"{time.TotalMilliseconds:0} ms" :
        time < TimeSpan.FromMinutes(1) ? $"{time.TotalSeconds:0} s" :
        time < TimeSpan.FromHours(1) ? $"{time.TotalMinutes:0} min" :
        time < TimeSpan.FromDays(1) ? $"{time.TotalHours:0} h" :
        time == TimeSpan.FromDays(1) ? "1 day" :
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:N0} days");

    [GeneratedRegex("^The default (value )?is (that (?!of ))?")]
    private static partial Regex Prefix();
}
