using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Outbox;

/// <summary>The range of a setting. Its error names the setting as it stands in the configuration, what it is, and what it may be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BetweenAttribute : ValidationAttribute
{
    public BetweenAttribute(int least, int most) => (Least, Most) = (least, most);

    /// <summary>A range of times.</summary>
    public BetweenAttribute(string least, string most) =>
        (Least, Most) = (TimeSpan.Parse(least, CultureInfo.InvariantCulture), TimeSpan.Parse(most, CultureInfo.InvariantCulture));

    public IComparable Least { get; }

    public IComparable Most { get; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is null || (Least.CompareTo(value) <= 0 && Most.CompareTo(value) >= 0))
        {
            return ValidationResult.Success;
        }

        var section = validationContext.ObjectType.GetField("Section")?.GetRawConstantValue() ?? validationContext.ObjectType.Name;
        return new ValidationResult(
            string.Create(CultureInfo.InvariantCulture, $"{section}:{validationContext.MemberName} is {value}; set it between {Least} and {Most}."),
            [validationContext.MemberName!]);
    }
}
